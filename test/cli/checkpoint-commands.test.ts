import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { saveCheckpoint } from "../../src/model/checkpoint.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { readSafetensors } from "../../src/model/safetensors.ts";
import { tinyConfig } from "../model/tiny-config.ts";
import { sharedPath } from "../shared.ts";

// The built command line, as a user runs it.
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

async function labelfree(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { maxBuffer: 1 << 26 });
  return stdout;
}

async function failureOf(...args: string[]): Promise<{ code: number; stderr: string }> {
  const failed = await labelfree(...args).then(
    (stdout) => ({ code: 0, stderr: `no failure, but: ${stdout}` }),
    (error: { code: number; stderr: string }) => error,
  );
  return { code: failed.code, stderr: failed.stderr };
}

const model = mkdtempSync(join(tmpdir(), "labelfree-cli-"));
afterAll(() => rmSync(model, { recursive: true }));
beforeEach(() => {
  const config = tinyConfig({ hiddenSize: 16, headSize: 4 });
  const weights = initialWeights(config, Random.fromSeed(3));
  for (const [name, values] of weights) {
    if (!name.endsWith("norm.weight"))
      weights.set(
        name,
        values.map((value) => 20 * value),
      );
  }
  saveCheckpoint(model, config, weights);
  rmSync(join(model, "generation_config.json"), { force: true });
});

const sample = async (...args: string[]): Promise<number[]> =>
  JSON.parse(await labelfree("sample", "--model", model, "--ids", "1,2,3", "--json", ...args)).ids;
const logits = async (ids: readonly number[], ...args: string[]) =>
  JSON.parse(await labelfree("logits", "--model", model, "--ids", ids.join(), "--json", ...args)).logits;

describe("labelfree logits", () => {
  it("prints those of the last position, the last row of --all", async () => {
    const last: number[] = await logits([1, 2, 3]);
    const all: number[][] = await logits([1, 2, 3], "--all", "--threads", "2");
    expect(last).toHaveLength(11);
    expect(new Set(last).size).toBeGreaterThan(5);
    expect(all).toHaveLength(3);
    expect(all[2]).toEqual(last);
    expect(all[0]).toEqual(await logits([1]));
  });

  it("without --json lists the largest", async () => {
    const last: number[] = await logits([4]);
    const text = await labelfree("logits", "--model", model, "--ids", "4");
    const best = last.indexOf(Math.max(...last));
    expect(text).toMatch(new RegExp(`^after token 1: ${best} \\(`));
  });

  it.each([
    ["no tokens", "", "--ids: got no tokens"],
    ["a gap", "1,,2", '--ids: token 2, got ""'],
    ["a fraction", "1.5", '--ids: token 1, got "1.5", expected an integer from 0 to 10'],
    ["a negative id", "-1", '--ids: token 1, got "-1"'],
    ["a token out of the vocabulary", "3,11", '--ids: token 2, got "11", expected an integer from 0 to 10'],
    ["too many tokens", "1,".repeat(32) + "1", "--ids: got 33 tokens, expected at most 32 positions"],
  ])("refuses %s", async (_, ids, message) => {
    const { code, stderr } = await failureOf("logits", "--model", model, "--ids", ids);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  });

  it("names a folder that is not there and one that holds no checkpoint", async () => {
    const absent = join(model, "absent");
    expect((await failureOf("logits", "--model", absent, "--ids", "1")).stderr).toContain(
      `there is no folder ${absent}`,
    );
    expect((await failureOf("logits", "--model", tmpdir(), "--ids", "1")).stderr).toContain("config.json");
  });
});

describe("labelfree sample", () => {
  it("--greedy takes the largest logit each time", async () => {
    const ids = await sample("--greedy", "--max-new", "3");
    const prompt = [1, 2, 3];
    for (const id of ids) {
      const last: number[] = await logits(prompt);
      expect(id).toBe(last.indexOf(Math.max(...last)));
      prompt.push(id);
    }
    expect(prompt).toHaveLength(6);
  });

  it("gives the same tokens for the same seed and any threads, others for another seed", async () => {
    const first = await sample("--seed", "5", "--max-new", "20");
    expect(first).toHaveLength(20);
    expect(await sample("--seed", "5", "--max-new", "20", "--threads", "2")).toEqual(first);
    expect(await sample("--seed", "6", "--max-new", "20")).not.toEqual(first);
  });

  it("with a tiny --top-p or temperature 0 is greedy", async () => {
    const greedy = await sample("--greedy", "--max-new", "12");
    expect(await sample("--top-p", "0.000001", "--max-new", "12")).toEqual(greedy);
    expect(await sample("--temperature", "0", "--max-new", "12")).toEqual(greedy);
  });

  it("ends with an end token of generation_config.json, or else of config.json, unless told to ignore it", async () => {
    const whole = await sample("--greedy", "--max-new", "12");
    const end = whole[2];
    const untilEnd = whole.slice(0, whole.indexOf(end) + 1);
    const config = JSON.parse(readFileSync(join(model, "config.json"), "utf8"));
    writeFileSync(join(model, "config.json"), JSON.stringify({ ...config, eos_token_id: end }));
    expect(await sample("--greedy", "--max-new", "12")).toEqual(untilEnd);
    expect(await sample("--greedy", "--max-new", "12", "--ignore-eos")).toEqual(whole);
    const unused = [...Array(11).keys()].find((id) => !whole.includes(id)) as number;
    writeFileSync(join(model, "generation_config.json"), JSON.stringify({ eos_token_id: [unused] }));
    expect(await sample("--greedy", "--max-new", "12")).toEqual(whole);
    writeFileSync(join(model, "generation_config.json"), JSON.stringify({ eos_token_id: [unused, end] }));
    expect(await sample("--greedy", "--max-new", "12")).toEqual(untilEnd);
  });

  it.each([
    [
      "more new tokens than positions",
      ["--max-new", "30"],
      "got 3 tokens and 30 new ones (--max-new), expected at most 32",
    ],
    ["no new tokens", ["--max-new", "0"], "'--max-new <n>' argument '0' is invalid"],
    ["a negative temperature", ["--temperature", "-1"], "'--temperature <t>' argument '-1' is invalid"],
    ["a share above 1", ["--top-p", "2"], "'--top-p <p>' argument '2' is invalid"],
    ["greedy at a temperature", ["--greedy", "--temperature", "1"], "cannot be used with"],
  ])("refuses %s", async (_, args, message) => {
    const { code, stderr } = await failureOf("sample", "--model", model, "--ids", "1,2,3", ...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

interface GoldenPrompt {
  readonly id: string;
  readonly ids: readonly number[];
  readonly greedy_ids: readonly number[];
}

const golden = sharedPath("golden/qwen2-tiny");
describe.skipIf(golden === undefined)("the commands beside transformers (needs golden/qwen2-tiny)", () => {
  const folder = golden as string;

  it("give its logits within 1e-4 and its greedy tokens", async () => {
    const expected: { prompts: GoldenPrompt[] } = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
    const arrays = readSafetensors(join(folder, "expected.safetensors"));
    for (const { id, ids, greedy_ids: greedyIds } of expected.prompts.filter((prompt) => prompt.ids.length > 0)) {
      const common = ["--model", folder, "--ids", ids.join(), "--json"];
      const last: number[] = JSON.parse(await labelfree("logits", ...common)).logits;
      const reference = arrays.get(`${id}.logits_last`)?.data as Float32Array;
      expect(last).toHaveLength(reference.length);
      for (const [i, value] of last.entries()) expect(Math.abs(value - reference[i])).toBeLessThan(1e-4);
      const drawn = JSON.parse(await labelfree("sample", ...common, "--max-new", "24", "--greedy", "--ignore-eos"));
      expect(drawn).toEqual({ ids: greedyIds });
    }
  });
});
