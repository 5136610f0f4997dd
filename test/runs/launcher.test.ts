import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { executeRun } from "../../src/runs/execute-run.ts";
import type { LaunchProgress } from "../../src/runs/launch-progress.ts";
import { type LaunchOptions, runAll } from "../../src/runs/launcher.ts";
import { packagePath } from "../../src/runs/package-root.ts";
import { planRuns } from "../../src/runs/prepare-run.ts";
import type { ProcessIdentity } from "../../src/runs/process-identity.ts";
import { runDirectory } from "../../src/runs/run-store.ts";
import { type Run, type RunSpec, toRun } from "../../src/runs/spec.ts";
import { start, until } from "./built-cli.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "./tiny-base.ts";

const STEPS = 30;

function setUp(seeds: readonly number[], changes: RunSpec = {}): { root: string; runs: Run[] } {
  const directory = temporaryDirectory();
  const checkpoint = saveTinyBase(directory);
  const evaluation = { everySteps: 1000, sets: ["gsm-like"], endSets: [] };
  const runs = seeds.map((seed) =>
    toRun(tinySpec(checkpoint, { steps: STEPS, seed, evaluation, ...changes } as RunSpec)),
  );
  return { root: join(directory, "runs"), runs };
}

/** The process that trains a run just now, or undefined. */
function workerOf(run: Run, root: string): number | undefined {
  const path = join(runDirectory(root, planRuns([run])[0].key), "lock.json");
  if (!existsSync(path)) return undefined;
  const { pid }: ProcessIdentity = JSON.parse(readFileSync(path, "utf8"));
  return pid;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("runAll", () => {
  it("gives the results of single runs, in order, from processes of their own", async () => {
    const { root, runs } = setUp([1, 2, 3]);
    const results = await runAll(runs, { root, jobs: 2 });
    const elsewhere = temporaryDirectory();
    for (const [index, run] of runs.entries())
      expect(results[index]).toEqual(await executeRun(run, { root: elsewhere }));
  });

  it("reports progress up to the last step of the last run, and only forward", async () => {
    const { root, runs } = setUp([1, 2]);
    const reports: LaunchProgress[] = [];
    await runAll(runs, { root, jobs: 2, onProgress: (progress) => reports.push(progress) });
    expect(reports[0]).toMatchObject({ runsDone: 0, runsTotal: 2, stepsDone: 0, stepsTotal: 2 * STEPS, etaMs: null });
    expect(reports.at(-1)).toMatchObject({ runsDone: 2, runsFailed: 0, stepsDone: 2 * STEPS, etaMs: 0 });
    expect(reports.length).toBeGreaterThan(2 * STEPS);
    for (const [index, { stepsDone }] of reports.slice(1).entries()) {
      expect(stepsDone).toBeGreaterThanOrEqual(reports[index].stepsDone);
    }
  });

  it("reads what is done and trains equal runs once", async () => {
    const { root, runs } = setUp([1]);
    const first = await runAll(runs, { root });
    const notices: string[] = [];
    const again = await runAll([runs[0], runs[0]], { root, onNotice: (text) => notices.push(text) });
    expect(again).toEqual([first[0], first[0]]);
    expect(notices).toEqual([]);
  });

  it("reports a crashed worker with its run, after the others are done", async () => {
    const { root, runs } = setUp([1, 2, 3]);
    const notices: string[] = [];
    let hasKilled = false;
    const onProgress = () => {
      const pid = hasKilled ? undefined : workerOf(runs[1], root);
      if (pid === undefined || pid === process.pid) return;
      hasKilled = true;
      process.kill(pid, "SIGKILL");
    };
    const error = await runAll(runs, { root, jobs: 2, onProgress, onNotice: (text) => notices.push(text) }).catch(
      (error: unknown) => error,
    );
    expect(error).toMatchObject({
      code: "launch/runs-failed",
      message: expect.stringMatching(/1 of 3 failed.*\n.*seed 2: run worker: ended by SIGKILL/),
      fields: { failures: [{ run: { seed: 2 }, error: { code: "run/crashed" } }] },
    });
    expect(notices).toEqual([expect.stringContaining("seed 2: failed: run worker: ended by SIGKILL")]);

    const results = await runAll(runs, { root, jobs: 2 });
    expect(results.map(({ run }) => run.seed)).toEqual([1, 2, 3]);
    expect(results[1].weightsHash).toBe((await executeRun(runs[1], { root: temporaryDirectory() })).weightsHash);
  });

  it("reports a run that fails by itself in its own words", async () => {
    const { root, runs } = setUp([1, 2]);
    const [{ key }] = planRuns(runs);
    const options: LaunchOptions = { root };
    const foreign = await runAll([runs[1]], options);
    const spec = readFileSync(join(runDirectory(root, foreign[0].key), "spec.json"));
    const directory = runDirectory(root, key);
    rmSync(directory, { recursive: true, force: true });
    await executeRun(runs[0], { root, signal: AbortSignal.abort() }).catch(() => {}); // makes the directory
    writeFileSync(join(directory, "spec.json"), spec);
    await expect(runAll(runs, options)).rejects.toMatchObject({
      fields: { failures: [{ error: { code: "run/key-collision" } }] },
    });
  });

  it("stops all workers with checkpoints after the signal, and goes on to the same bits", async () => {
    const { root, runs } = setUp([1, 2, 3]);
    const stopping = new AbortController();
    const onProgress = ({ stepsDone }: LaunchProgress) => {
      if (stepsDone >= 12) stopping.abort();
    };
    await expect(runAll(runs, { root, jobs: 2, onProgress, signal: stopping.signal })).rejects.toMatchObject({
      code: "run/interrupted",
    });
    const results = await runAll(runs, { root, jobs: 2 });
    expect(results[0].resumedFrom).toBeGreaterThan(0);
    expect(results[0].weightsHash).toBe((await executeRun(runs[0], { root: temporaryDirectory() })).weightsHash);
  });

  it("finds out before anything starts that a base is missing", async () => {
    const { root, runs } = setUp([1]);
    const missing = toRun({ base: { tier: "xs", baseSeed: 987654 } });
    await expect(runAll([...runs, missing], { root })).rejects.toMatchObject({ code: "base/missing" });
    expect(existsSync(root)).toBe(false);
  });
});

describe("the processes of a launch", () => {
  /** A launcher in a process of its own, started from the build. */
  function launch(runs: readonly Run[], root: string) {
    const script = join(temporaryDirectory(), "launch.mjs");
    const launcher = pathToFileURL(packagePath("dist", "runs", "launcher.js"));
    const job = JSON.stringify({ runs, root });
    writeFileSync(
      script,
      `import { runAll } from "${launcher}"; const { runs, root } = ${job}; await runAll(runs, { root, jobs: 2 });`,
    );
    return start([script]);
  }

  async function workersOf(runs: readonly Run[], root: string): Promise<number[]> {
    const pids = () => runs.map((run) => workerOf(run, root)).filter((pid) => pid !== undefined);
    await until(() => pids().length === runs.length, "all workers train");
    return pids();
  }

  it("end with their launcher, even when it is killed", async () => {
    const { root, runs } = setUp([1, 2], { epochs: 50 });
    const { child, ended } = launch(runs, root);
    const workers = await workersOf(runs, root);
    expect(workers).not.toContain(child.pid);
    child.kill("SIGKILL");
    await ended;
    await until(() => !workers.some(isAlive), "the workers are gone");
  });

  it("ignore the SIGINT that a terminal sends to the whole group", async () => {
    const { root, runs } = setUp([1, 2], { epochs: 8 });
    const { ended } = launch(runs, root);
    for (const worker of await workersOf(runs, root)) process.kill(worker, "SIGINT");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});
