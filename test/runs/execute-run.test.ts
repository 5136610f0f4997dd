import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvaluationMetrics, StepMetrics } from "../../src/rl/metrics.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { planRuns } from "../../src/runs/prepare-run.ts";
import { readRows } from "../../src/runs/row-log.ts";
import type { RunResult } from "../../src/runs/run-result.ts";
import { readSealedJson } from "../../src/runs/sealed-json.ts";
import type { Session } from "../../src/runs/session-log.ts";
import { type Run, type RunSpec, toRun } from "../../src/runs/spec.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "./tiny-base.ts";

const STEPS = 12;

function setUp(changes: RunSpec = {}): { root: string; run: Run } {
  const root = temporaryDirectory();
  return { root, run: toRun(tinySpec(saveTinyBase(root), changes)) };
}

/** Trains until `step` is done, and leaves the run there as a stop signal would. */
async function stopAfter(step: number, run: Run, root: string): Promise<void> {
  const stopping = new AbortController();
  const onProgress = (progress: { step: number }) => {
    if (progress.step === step) stopping.abort();
  };
  await expect(executeRun(run, { root, signal: stopping.signal, onProgress })).rejects.toMatchObject({
    code: "run/interrupted",
  });
}

async function goOn(run: Run, root: string): Promise<{ result: RunResult; notices: string[] }> {
  const notices: string[] = [];
  return { result: await executeRun(run, { root, onNotice: (text) => notices.push(text) }), notices };
}

const only = (root: string): string => join(root, readdirSync(root).filter((name) => !name.startsWith("base"))[0]);
const rowsOf = (directory: string) => ({
  metrics: readFileSync(join(directory, "metrics.jsonl"), "utf8"),
  evaluations: readFileSync(join(directory, "evaluations.jsonl"), "utf8"),
});

describe("a run in one go", () => {
  it("leaves a whole record, and nothing that only a run under way needs", async () => {
    const { root, run } = setUp();
    const result = await executeRun(run, { root });
    const directory = join(root, result.key.slice(0, 16));
    expect(readdirSync(directory).sort()).toEqual([
      "checkpoint",
      "environment.json",
      "evaluations.jsonl",
      "metrics.jsonl",
      "result.json",
      "spec.json",
    ]);
    expect(readSealedJson<RunResult>(join(directory, "result.json"))).toEqual({ ...result, rows: expect.any(Object) });
    expect(readSealedJson(join(directory, "spec.json"))).toMatchObject({ key: result.key, run });
    expect(result).toMatchObject({ steps: STEPS, totalSteps: STEPS, resumedFrom: null, hasDiverged: false, run });
    const steps = readRows<StepMetrics>(join(directory, "metrics.jsonl")).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: STEPS }, (_, index) => index + 1));
    const evaluated = readRows<EvaluationMetrics>(join(directory, "evaluations.jsonl")).map(({ step }) => step);
    expect(evaluated).toEqual([0, 5, 10, STEPS]);
  });

  it("records its environment and nothing personal", async () => {
    const { root, run } = setUp();
    await executeRun(run, { root });
    const path = join(only(root), "environment.json");
    const [session] = readSealedJson<{ sessions: Session[] }>(path)?.sessions ?? [];
    expect(session).toMatchObject({
      node: process.versions.node,
      device: "wasm",
      threads: 1,
      fromStep: 0,
      toStep: STEPS,
    });
    expect(Date.parse(session.endedAt as string)).toBeGreaterThanOrEqual(Date.parse(session.startedAt));
    const text = readFileSync(path, "utf8");
    for (const secret of [hostname(), root, process.cwd()]) expect(text).not.toContain(secret);
    if (userInfo().username !== "root") expect(text).not.toContain(userInfo().username);
  });

  it("is not run again: the record is read, byte for byte", async () => {
    const { root, run } = setUp();
    const first = await executeRun(run, { root });
    const before = readdirSync(root, { recursive: true }).length;
    const again = await executeRun(run, { root, onProgress: () => expect.unreachable("it ran again") });
    expect(again).toEqual(first);
    expect(readdirSync(root, { recursive: true })).toHaveLength(before);
  });

  it("has the same key and bits wherever it is recorded and on two threads", async () => {
    const { root, run } = setUp();
    const first = await executeRun(run, { root });
    const second = await executeRun(run, { root: join(root, "elsewhere"), threads: 2 });
    expect(second).toEqual(first);
  });

  it("ends in other bits with another seed", async () => {
    const { root, run } = setUp();
    const first = await executeRun(run, { root });
    const second = await executeRun({ ...run, seed: 2 }, { root });
    expect(second.key).not.toBe(first.key);
    expect(second.weightsHash).not.toBe(first.weightsHash);
  });
});

describe("a run that diverges", () => {
  it("ends there with a result that counts and is not run again", async () => {
    const { root, run } = setUp({ optimizer: { learningRate: 1e37 } });
    const result = await executeRun(run, { root });
    expect(result).toMatchObject({ hasDiverged: true, totalSteps: STEPS });
    expect(result.steps).toBeLessThan(STEPS);
    expect(readRows<StepMetrics>(join(only(root), "metrics.jsonl")).at(-1)).toMatchObject({
      step: result.steps,
      "labelfree/diverged": true,
    });
    const again = await executeRun(run, { root, onProgress: () => expect.unreachable("it ran again") });
    expect(again).toEqual(result);
  });
});

describe("an interrupted run", () => {
  it("ends in the same bits and rows, wherever it was stopped, as one in one go", async () => {
    const { root, run } = setUp();
    const straight = await executeRun(run, { root });
    const rows = rowsOf(only(root));
    for (const step of [1, 4, 6, 11]) {
      const elsewhere = temporaryDirectory();
      await stopAfter(step, run, elsewhere);
      expect(existsSync(join(only(elsewhere), "result.json"))).toBe(false);
      const { result, notices } = await goOn(run, elsewhere);
      expect(result).toEqual({ ...straight, resumedFrom: step });
      expect(rowsOf(only(elsewhere))).toEqual(rows);
      expect(notices).toEqual([]);
    }
  });

  it("ends in the same bits after a stop at every single step", async () => {
    const { root, run } = setUp();
    const straight = await executeRun(run, { root });
    const elsewhere = temporaryDirectory();
    for (let step = 1; step < STEPS; step += 1) await stopAfter(step, run, elsewhere);
    const { result } = await goOn(run, elsewhere);
    expect(result).toEqual({ ...straight, resumedFrom: STEPS - 1 });
    expect(rowsOf(only(elsewhere))).toEqual(rowsOf(only(root)));
    const path = join(only(elsewhere), "environment.json");
    expect(readSealedJson<{ sessions: Session[] }>(path)?.sessions).toHaveLength(STEPS);
  });

  it("goes on with a KL term and several updates per batch in the same bits too", async () => {
    const { root, run } = setUp({ loss: { klWeight: 0.1 }, updatesPerBatch: 2, method: "cuma" });
    const straight = await executeRun(run, { root });
    const elsewhere = temporaryDirectory();
    await stopAfter(7, run, elsewhere);
    expect((await goOn(run, elsewhere)).result).toEqual({ ...straight, resumedFrom: 7 });
  });

  it.each(["adaptive", "adarft"] as const)(
    "with the order %s ends in the same bits after a stop at every step, and after a kill between checkpoints",
    async (order) => {
      const { root, run } = setUp({ data: { size: 4 * STEPS, order, set: "full" } });
      const straight = await executeRun(run, { root });
      const levels = readRows<StepMetrics>(join(only(root), "metrics.jsonl")).map((row) => row["labelfree/level"]);
      expect([levels[0], levels.at(-1)]).toEqual([1, 5]);
      expect(planRuns([run])[0]).toMatchObject({ key: straight.key, totalSteps: STEPS });
      const stopped = temporaryDirectory();
      for (let step = 1; step < STEPS; step += 1) await stopAfter(step, run, stopped);
      expect((await goOn(run, stopped)).result).toEqual({ ...straight, resumedFrom: STEPS - 1 });
      expect(rowsOf(only(stopped))).toEqual(rowsOf(only(root)));

      const killed = temporaryDirectory();
      await stopAfter(8, run, killed);
      rmSync(join(only(killed), "checkpoint"), { recursive: true });
      expect((await goOn(run, killed)).result).toEqual({ ...straight, resumedFrom: 6 });
      expect(rowsOf(only(killed))).toEqual(rowsOf(only(root)));
    },
  );

  it("forgets the rows after its newest checkpoint, as after a kill", async () => {
    const { root, run } = setUp();
    const straight = await executeRun(run, { root });
    const elsewhere = temporaryDirectory();
    await stopAfter(6, run, elsewhere);
    const metrics = join(only(elsewhere), "metrics.jsonl");
    writeFileSync(metrics, `${readFileSync(metrics, "utf8")}{"step":7}\n{"ste`);
    expect((await goOn(run, elsewhere)).result).toEqual({ ...straight, resumedFrom: 6 });
    expect(rowsOf(only(elsewhere))).toEqual(rowsOf(only(root)));
  });

  it("starts from nothing when it is told to stop before it begins", async () => {
    const { root, run } = setUp();
    const signal = AbortSignal.abort();
    await expect(executeRun(run, { root, signal })).rejects.toMatchObject({ code: "run/interrupted" });
  });
});

describe("a damaged record", () => {
  async function damaged(
    damage: (directory: string) => void,
  ): Promise<{ result: RunResult; notices: string[]; straight: RunResult }> {
    const { root, run } = setUp();
    const straight = await executeRun(run, { root });
    const elsewhere = temporaryDirectory();
    await stopAfter(5, run, elsewhere); // checkpoints of steps 3 and 5
    damage(only(elsewhere));
    const after = await goOn(run, elsewhere);
    expect(rowsOf(only(elsewhere))).toEqual(rowsOf(only(root)));
    expect(after.result.weightsHash).toBe(straight.weightsHash);
    const { sessions } = readSealedJson<{ sessions: Session[] }>(join(only(elsewhere), "environment.json")) ?? {
      sessions: [],
    };
    expect(sessions.at(-1)?.notices).toEqual(after.notices);
    return { ...after, straight };
  }

  function flip(path: string): void {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(path, bytes);
  }

  it.each(["model.safetensors", "optimizer.safetensors", "config.json", "state.json"])(
    "with a flipped byte in %s goes on from the checkpoint before, with a notice",
    async (name) => {
      const { result, notices } = await damaged((directory) => flip(join(directory, "checkpoint", name)));
      expect(result.resumedFrom).toBe(3);
      expect(notices).toEqual([
        expect.stringContaining(name),
        expect.stringContaining("from the checkpoint of step 3"),
      ]);
    },
  );

  it("with both checkpoints damaged starts again, with notices", async () => {
    const { result, notices } = await damaged((directory) => {
      flip(join(directory, "checkpoint", "model.safetensors"));
      flip(join(directory, "checkpoint.previous", "model.safetensors"));
    });
    expect(result.resumedFrom).toBeNull();
    expect(notices.at(-1)).toContain("starts again from step 0");
  });

  it("with a changed row goes back to where the rows are still as written", async () => {
    const { result } = await damaged((directory) => {
      const path = join(directory, "metrics.jsonl");
      writeFileSync(path, readFileSync(path, "utf8").replace('"step":5', '"step":6'));
    });
    expect(result.resumedFrom).toBe(3);
  });

  it("with lost rows starts again", async () => {
    const { result, notices } = await damaged((directory) => rmSync(join(directory, "evaluations.jsonl")));
    expect(result.resumedFrom).toBeNull();
    expect(notices).toHaveLength(3);
  });

  it("with damaged spec.json and environment.json still goes on", async () => {
    const { result } = await damaged((directory) => {
      flip(join(directory, "spec.json"));
      flip(join(directory, "environment.json"));
    });
    expect(result.resumedFrom).toBe(5);
  });

  it("with a result that is not as written is not whole, and is finished again from its checkpoint", async () => {
    const { root, run } = setUp();
    const first = await executeRun(run, { root });
    const path = join(only(root), "result.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"steps": 12', '"steps": 13'));
    const { result, notices } = await goOn(run, root);
    expect(result).toEqual({ ...first, resumedFrom: STEPS });
    expect(notices).toEqual([expect.stringContaining("not as it was written; it is made again")]);
  });

  it.each([
    ["changed", (text: string) => text.replace('"step":5', '"step":6')],
    ["lost", (text: string) => text.slice(0, text.lastIndexOf('{"step"'))],
    ["added", (text: string) => `${text}{"step":13}\n`],
  ])("of a finished run with a row %s is not whole, and is made again", async (_, damage) => {
    const { root, run } = setUp();
    const first = await executeRun(run, { root });
    const rows = rowsOf(only(root));
    const path = join(only(root), "metrics.jsonl");
    writeFileSync(path, damage(readFileSync(path, "utf8")));
    const { result, notices } = await goOn(run, root);
    expect({ ...result, resumedFrom: null }).toEqual(first);
    expect(rowsOf(only(root))).toEqual(rows);
    expect(notices).not.toEqual([]);
  });
});

describe("a run that cannot be recorded", () => {
  it("says which folder it may not write to", async () => {
    const { root, run } = setUp();
    writeFileSync(join(root, "file"), "");
    const error = await executeRun(run, { root: join(root, "file") }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "file/not-writable", message: expect.stringContaining("file") });
  });

  it("refuses the directory of another run", async () => {
    const { root, run } = setUp();
    const { key } = await executeRun(run, { root });
    const other = { ...run, seed: 2 };
    const { key: otherKey } = await executeRun(other, { root });
    const elsewhere = temporaryDirectory();
    mkdirSync(join(elsewhere, key.slice(0, 16)));
    const foreign = readFileSync(join(root, otherKey.slice(0, 16), "spec.json"));
    writeFileSync(join(elsewhere, key.slice(0, 16), "spec.json"), foreign);
    await expect(executeRun(run, { root: elsewhere })).rejects.toMatchObject({ code: "run/key-collision" });
  });

  it("names the tiers that there are when its own is missing", async () => {
    const run = toRun({ base: { tier: "xs", baseSeed: 987654 } });
    await expect(executeRun(run, { root: temporaryDirectory() })).rejects.toMatchObject({
      code: "base/missing",
      message: expect.stringMatching(/xs-987654.*labelfree pretrain/),
    });
  });
});
