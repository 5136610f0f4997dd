import { describe, expect, it } from "vitest";
import { LaunchTracker } from "../../src/runs/launch-progress.ts";
import { toRun } from "../../src/runs/spec.ts";

function track(tiers: readonly string[], jobs: number) {
  let nowMs = 0;
  const runs = tiers.map((tier, index) => ({ run: toRun({ base: { tier } }), key: `${tier}${index}`, totalSteps: 10 }));
  const tracker = new LaunchTracker(runs, { jobs, now: () => nowMs });
  const at = (ms: number, work: () => void) => {
    nowMs = ms;
    work();
  };
  return { tracker, at };
}

describe("the progress of a launch", () => {
  it("has no rate and no remaining time before the first step", () => {
    const { tracker } = track(["xs"], 1);
    tracker.start("xs0");
    tracker.advance("xs0", 0);
    expect(tracker.progress()).toMatchObject({ stepsDone: 0, stepsTotal: 10, stepsPerSecond: null, etaMs: null });
  });

  it("estimates the rest from the steps so far", () => {
    const { tracker, at } = track(["xs"], 1);
    tracker.start("xs0");
    at(1000, () => tracker.advance("xs0", 0)); // a second to start, which is not a step's cost
    at(1400, () => tracker.advance("xs0", 4));
    expect(tracker.progress()).toMatchObject({ stepsDone: 4, etaMs: 600 });
    expect(tracker.progress().stepsPerSecond).toBeCloseTo(4 / 1.4);
  });

  it("does not take the steps of an earlier launch for fast ones", () => {
    const { tracker, at } = track(["xs"], 1);
    tracker.start("xs0");
    tracker.advance("xs0", 8);
    at(100, () => tracker.advance("xs0", 9));
    expect(tracker.progress()).toMatchObject({ stepsDone: 9, etaMs: 100, stepsPerSecond: 10 });
  });

  it("knows that the steps of another base cost something else", () => {
    const { tracker, at } = track(["xs", "l", "l"], 1);
    tracker.start("xs0");
    tracker.advance("xs0", 0);
    at(1000, () => tracker.advance("xs0", 10));
    tracker.finish("xs0", "done");
    tracker.start("l1");
    tracker.advance("l1", 0);
    at(2000, () => tracker.advance("l1", 1));
    expect(tracker.progress()).toMatchObject({ runsDone: 1, etaMs: 19_000 }); // 9 + 10 steps of a second
  });

  it("divides the rest among the workers, but not a single run", () => {
    const { tracker, at } = track(["xs", "xs", "xs"], 2);
    for (const key of ["xs0", "xs1"]) {
      tracker.start(key);
      tracker.advance(key, 0);
    }
    at(100, () => {
      tracker.advance("xs0", 1);
      tracker.advance("xs1", 1);
    });
    expect(tracker.progress().etaMs).toBe(1400); // 9 + 9 + 10 steps of 100 ms on two workers
    tracker.finish("xs0", "done");
    tracker.finish("xs1", "done");
    expect(tracker.progress().etaMs).toBe(1000);
  });

  it("counts failed runs apart, and no longer waits for them", () => {
    const { tracker, at } = track(["xs", "xs"], 2);
    tracker.start("xs0");
    tracker.advance("xs0", 0);
    at(500, () => tracker.advance("xs0", 5));
    tracker.finish("xs0", "failed");
    tracker.finish("xs1", "done");
    expect(tracker.progress()).toMatchObject({ runsDone: 1, runsFailed: 1, runsTotal: 2, stepsDone: 15, etaMs: 0 });
  });
});
