import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { tierConfig } from "../../src/runs/tier-config.ts";
import { toTierKey } from "../../src/runs/tier-key.ts";
import { saveTier, type TierRecord } from "../../src/runs/tier-store.ts";
import { TIER_NAMES, TIERS, type TierName } from "../../src/tasks/micro/tiers.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";

// The built command line, as a user runs it.
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function pretrain(args: readonly string[], onStart: (child: ChildProcess) => void = () => {}): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, "pretrain", ...args], { cwd: temporaryDirectory() });
  onStart(child);
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, ...texts })));
}

/** A whole tier by its record, though its weights are untrained. */
function saveUntrained(out: string, tier: TierName = "xs", seed = 1): TierRecord {
  const request = { tier, seed, settings: TIERS[tier] };
  const { key: _, ...ingredients } = toTierKey(request);
  const weights = initialWeights(tierConfig(request.settings), Random.fromSeed(1));
  const facts = { ...request, ...ingredients, steps: 1300, placementAccuracy: 0.125, weightsHash: "0".repeat(64) };
  return saveTier(out, facts, weights);
}

describe("labelfree pretrain", () => {
  it("reads a tier that is there and whole, and writes the index", async () => {
    const out = temporaryDirectory();
    const { tier, seed, steps, placementAccuracy, sha256, weightsHash } = saveUntrained(out);
    const line = { tier, seed, steps, placementAccuracy, sha256, weightsHash };
    const json = await pretrain(["--tier", "xs", "--seed", "1", "--out", out, "--json"]);
    expect(json.code, json.stderr).toBe(0);
    expect(json.stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(json.stdout)).toEqual({ tiers: [{ ...line, isNew: false, directory: join(out, "xs-1") }] });
    expect(JSON.parse(readFileSync(join(out, "index.json"), "utf8"))).toEqual({ tiers: [line] });

    const { stdout } = await pretrain(["--tier", "xs", "--seed", "1", "--out", out]);
    expect(stdout).toContain(`1300 steps, placement accuracy 0.125, weights ${sha256.slice(0, 16)}, was there`);
  });

  it("takes the seeds that are kept of each tier, unless seeds are given", async () => {
    const out = temporaryDirectory();
    const kept: readonly (readonly [TierName, number])[] = [
      ...([1, 2, 3].map((seed) => ["xs", seed]) as [TierName, number][]),
      ...([1, 2].map((seed) => ["xs-flat", seed]) as [TierName, number][]),
      ...([1, 2].map((seed) => ["xs-mistral", seed]) as [TierName, number][]),
    ];
    for (const [tier, seed] of kept) saveUntrained(out, tier, seed);
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await pretrain(["--out", out, "--json", ...args]);
      expect(code, stderr).toBe(0);
      const { tiers }: { tiers: (TierRecord & { isNew: boolean })[] } = JSON.parse(stdout);
      expect(tiers.every(({ isNew }) => !isNew)).toBe(true);
      return tiers.map(({ tier, seed }) => [tier, seed]);
    };
    expect(await run("--tier", "xs", "xs-flat", "xs-mistral")).toEqual(kept);
    expect(await run("--tier", "xs-flat", "xs", "xs-flat", "--seed", "2", "1")).toEqual([
      ["xs-flat", 2],
      ["xs-flat", 1],
      ["xs", 2],
      ["xs", 1],
    ]);
  });

  it("makes a tier again that was made with the settings of another", async () => {
    const out = temporaryDirectory();
    const request = { tier: "m-llama", seed: 1, settings: TIERS.m };
    const { key: _, ...ingredients } = toTierKey(request);
    const weights = initialWeights(tierConfig(request.settings), Random.fromSeed(1));
    saveTier(out, { ...request, ...ingredients, steps: 1, placementAccuracy: 0.35, weightsHash: "0" }, weights);
    const { code, stderr } = await pretrain(["--tier", "m-llama", "--seed", "1", "--out", out], (child) => {
      child.stderr?.once("data", () => setTimeout(() => child.kill("SIGINT"), 300));
    });
    expect(stderr).toContain(`${join(out, "m-llama-1")}: made again: made with other settings`);
    expect(code).toBe(130);
  });

  it("says in its help which tiers there are, and which seeds are usual", async () => {
    const { code, stdout } = await pretrain(["--help"]);
    expect(code).toBe(0);
    const words = stdout.replaceAll(/\s+/g, " ");
    expect(words).toContain(`(choices: ${TIER_NAMES.map((name) => `"${name}"`).join(", ")}, default: all)`);
    expect(words).toContain("(default: those that labelfree keeps, 1 2 3 or 1 2)");
    expect(words).toContain("(default: data/checkpoints of labelfree)");
  });

  it("after Ctrl-C ends with 130 and a checkpoint, and goes on from it", async () => {
    const root = temporaryDirectory();
    const args = ["--tier", "xs", "--seed", "7", "--out", join(root, "out"), "--work", join(root, "work")];
    const interrupt = (child: ChildProcess) => {
      // the first words come with the first step
      child.stderr?.once("data", () => setTimeout(() => child.kill("SIGINT"), 300));
    };
    const first = await pretrain(args, interrupt);
    expect(first.code, first.stderr).toBe(130);
    expect(first.stderr).toContain("stopped with 0 of 1 tiers done; start it again to go on from there");
    expect(existsSync(join(root, "out"))).toBe(false);
    const [directory] = readdirSync(join(root, "work"));
    const stateFile = join(root, "work", directory, "checkpoint", "state.json");
    const { step } = JSON.parse(readFileSync(stateFile, "utf8"));
    expect(step).toBeGreaterThan(0);

    const second = await pretrain(args, interrupt);
    expect(second.code, second.stderr).toBe(130);
    expect(second.stderr).toContain(`xs-7: goes on from step ${step} of ${TIERS.xs.pretraining.steps}`);
    expect(JSON.parse(readFileSync(stateFile, "utf8")).step).toBeGreaterThan(step);
  });

  it.each([
    ["an unknown tier", ["--tier", "xl"], "Allowed choices are xs, s, m, l, t10, t15"],
    ["a seed that is none", ["--seed", "1", "x"], "Expected a whole number"],
    ["a seed twice", ["--seed", "1", "1"], "Expected each seed once"],
    ["a check that forces", ["--check", "--force"], "cannot be used with"],
  ])("refuses %s", async (_, args, message) => {
    const { code, stderr } = await pretrain(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
