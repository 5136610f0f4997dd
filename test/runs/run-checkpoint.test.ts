import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type RunState,
  removePreviousCheckpoint,
  removeTemporaries,
  wholeCheckpoints,
  writeRunCheckpoint,
} from "../../src/runs/run-checkpoint.ts";
import { temporaryDirectory } from "./tiny-base.ts";

const EMPTY = { bytes: 0, sha256: "e3b0" };

function stateAt(step: number): RunState {
  const numbers = { trainer: { step }, optimizerStep: step };
  return { key: "k".repeat(64), step, metrics: EMPTY, evaluations: EMPTY, numbers };
}

function filesAt(step: number): Map<string, Uint8Array> {
  return new Map([
    ["model.safetensors", new Uint8Array(100).fill(step)],
    ["optimizer.safetensors", new Uint8Array(200).fill(step)],
  ]);
}

function runWith(...steps: readonly number[]): string {
  const run = temporaryDirectory();
  for (const step of steps) writeRunCheckpoint(run, stateAt(step), filesAt(step));
  return run;
}

function load(run: string, key = stateAt(0).key): { steps: number[]; notices: string[] } {
  const notices: string[] = [];
  const steps = Array.from(
    wholeCheckpoints(run, { key, onNotice: (text) => notices.push(text) }),
    ({ state }) => state.step,
  );
  return { steps, notices };
}

const FILES = ["model.safetensors", "optimizer.safetensors", "state.json"];

describe("the checkpoints of a run", () => {
  it("come back as they were written, newest first, and only two are kept", () => {
    const run = runWith(3, 6, 9);
    const [newest, previous, ...more] = wholeCheckpoints(run, { key: stateAt(9).key, onNotice: () => {} });
    expect(newest.state).toEqual(stateAt(9));
    expect(new Uint8Array(readFileSync(join(newest.directory, "model.safetensors")))).toEqual(
      filesAt(9).get("model.safetensors"),
    );
    expect(previous.state).toEqual(stateAt(6));
    expect(more).toEqual([]);
    expect(readdirSync(run).sort()).toEqual(["checkpoint", "checkpoint.previous"]);
  });

  it.each(FILES)("fall back to the one before when any byte of %s is flipped, and say so", (name) => {
    const run = runWith(3, 6);
    const path = join(run, "checkpoint", name);
    const bytes = readFileSync(path);
    for (const at of [0, bytes.length >> 2, bytes.length >> 1, bytes.length - 3]) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      writeFileSync(path, damaged);
      const { steps, notices } = load(run);
      expect(steps, `byte ${at}`).toEqual([3]);
      expect(notices, `byte ${at}`).toEqual([expect.stringContaining(name)]);
    }
    writeFileSync(path, bytes);
    expect(load(run)).toEqual({ steps: [6, 3], notices: [] });
  });

  it.each(FILES)("fall back when %s is cut short, empty or missing", (name) => {
    const run = runWith(3, 6);
    const path = join(run, "checkpoint", name);
    truncateSync(path, 50);
    expect(load(run).steps).toEqual([3]);
    truncateSync(path, 0);
    expect(load(run).steps).toEqual([3]);
    rmSync(path);
    expect(load(run)).toEqual({ steps: [3], notices: [expect.stringContaining(name)] });
  });

  it("are all passed over, each with a notice, when all are damaged", () => {
    const run = runWith(3, 6);
    for (const name of ["checkpoint", "checkpoint.previous"]) rmSync(join(run, name, "state.json"));
    expect(load(run)).toEqual({ steps: [], notices: [expect.any(String), expect.any(String)] });
  });

  it("are not taken by another run", () => {
    const { steps, notices } = load(runWith(3), "other");
    expect(steps).toEqual([]);
    expect(notices[0]).toContain("it belongs to run kkkkkkkkkkkkkkkk");
  });

  it("include the one before when a kill came between the two renames", () => {
    const run = runWith(3, 6);
    rmSync(join(run, "checkpoint.previous"), { recursive: true });
    renameSync(join(run, "checkpoint"), join(run, "checkpoint.previous"));
    expect(load(run)).toEqual({ steps: [6], notices: [] });
    writeRunCheckpoint(run, stateAt(9), filesAt(9));
    expect(load(run).steps).toEqual([9, 6]);
  });

  it("never include one that was being written", () => {
    const run = runWith(3);
    mkdirSync(join(run, "checkpoint.tmp-6"));
    writeFileSync(join(run, "checkpoint.tmp-6", "model.safetensors"), "half");
    expect(load(run)).toEqual({ steps: [3], notices: [] });
    removeTemporaries(run);
    expect(readdirSync(run)).toEqual(["checkpoint"]);
  });

  it("stay as they were when the next one cannot be written", () => {
    const run = runWith(3, 6);
    const broken = new Map([...filesAt(9), ["no/such/directory", new Uint8Array(1)]]);
    expect(() => writeRunCheckpoint(run, stateAt(9), broken)).toThrow(
      expect.objectContaining({ code: "file/no-directory" }),
    );
    expect(load(run)).toEqual({ steps: [6, 3], notices: [] });
    expect(readdirSync(run).sort()).toEqual(["checkpoint", "checkpoint.previous"]);
  });

  it("shrink to the newest when the run is whole", () => {
    const run = runWith(3, 6);
    removePreviousCheckpoint(run);
    expect(existsSync(join(run, "checkpoint.previous"))).toBe(false);
    expect(load(run).steps).toEqual([6]);
  });
});
