import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { learningRateAt } from "../../src/model/schedule.ts";
import { sharedPath } from "../shared.ts";

const settings = { peak: 2e-3, warmupSteps: 10, totalSteps: 110 } as const;

describe("learning rate", () => {
  it("rises linearly from zero to the peak during the warm-up, whatever comes after", () => {
    for (const kind of ["cosine", "constant", "linear"] as const) {
      expect(learningRateAt(0, { ...settings, kind })).toBe(0);
      expect(learningRateAt(5, { ...settings, kind, floor: 0.5 })).toBe(1e-3);
      expect(learningRateAt(10, { ...settings, kind })).toBe(2e-3);
    }
  });

  it("is half the peak in the middle of a decay and zero at its end", () => {
    for (const kind of ["cosine", "linear"] as const) {
      expect(learningRateAt(60, { ...settings, kind })).toBeCloseTo(1e-3, 15);
      expect(learningRateAt(110, { ...settings, kind })).toBe(0);
    }
    expect(learningRateAt(110, { ...settings, kind: "constant" })).toBe(2e-3);
  });

  it("a cosine lies above the line in the first half of the decay and below it in the second", () => {
    const gap = (step: number) =>
      learningRateAt(step, { ...settings, kind: "cosine" }) - learningRateAt(step, { ...settings, kind: "linear" });
    expect(gap(35)).toBeGreaterThan(1e-4);
    expect(gap(85)).toBeLessThan(-1e-4);
  });

  it("ends at the floor, a share of the peak, and stays there", () => {
    for (const kind of ["cosine", "linear"] as const) {
      expect(learningRateAt(60, { ...settings, kind, floor: 0.1 })).toBeCloseTo(1.1e-3, 15);
      expect(learningRateAt(110, { ...settings, kind, floor: 0.1 })).toBeCloseTo(2e-4, 15);
      expect(learningRateAt(500, { ...settings, kind, floor: 0.1 })).toBeCloseTo(2e-4, 15);
    }
  });

  it("starts at the peak without a warm-up and never gets there when all is warm-up", () => {
    expect(learningRateAt(0, { peak: 1, warmupSteps: 0, totalSteps: 4, kind: "cosine" })).toBe(1);
    expect(learningRateAt(3, { peak: 1, warmupSteps: 4, totalSteps: 4, kind: "cosine" })).toBe(0.75);
    expect(learningRateAt(0, { peak: 1, warmupSteps: 0, totalSteps: 0, kind: "cosine" })).toBe(1);
  });
});

const golden = sharedPath("golden/schedule.json");
describe.skipIf(golden === undefined)("learning rate beside transformers (needs golden/schedule.json)", () => {
  it("is that of get_cosine_schedule_with_warmup within 1e-18 at every step", () => {
    const { lr, peak, warmup_steps, total_steps } = JSON.parse(readFileSync(golden as string, "utf8"));
    expect(lr).toHaveLength(101);
    const schedule = { peak, warmupSteps: warmup_steps, totalSteps: total_steps, kind: "cosine" } as const;
    for (const [step, expected] of lr.entries()) {
      expect(Math.abs(learningRateAt(step, schedule) - expected), `step ${step}`).toBeLessThanOrEqual(1e-18);
    }
  });
});
