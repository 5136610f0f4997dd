import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { CollapseState, EvaluationObservation, StepObservation } from "../../src/rl/collapse-detector.ts";
import {
  detectCollapse,
  hasDeclined,
  NOTHING_OBSERVED,
  observeEvaluation,
  observeStep,
} from "../../src/rl/collapse-detector.ts";
import { sharedPath } from "../shared.ts";

interface LogRow {
  readonly step: StepObservation;
  readonly evaluation: EvaluationObservation | undefined;
}

function readLog(path: string): LogRow[] {
  const [header, ...lines] = readFileSync(path, "utf8").trimEnd().split("\r\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const cell = (name: string) => cells[names.indexOf(name)];
    const step = Number(cell("step"));
    return {
      step: {
        step,
        reward: Number(cell("reward_avg")),
        entropy: Number(cell("entropy_avg")),
        length: Number(cell("avg_response_len")),
      },
      evaluation: cell("eval_acc") === "" ? undefined : { step, accuracy: Number(cell("eval_acc")) / 100 },
    };
  });
}

function observeLog(rows: readonly LogRow[]): CollapseState {
  return rows.reduce((state, { step, evaluation }) => {
    const next = observeStep(state, step);
    return evaluation === undefined ? next : observeEvaluation(next, evaluation);
  }, NOTHING_OBSERVED);
}

const silentPath = sharedPath("external/collapse_logs/7_5_plus_kl_metrics.csv");
const declinePath = sharedPath("external/collapse_logs/7_3_plus_tracking_metrics.csv");

describe.skipIf(!silentPath || !declinePath)("logs of real runs (absent: external/collapse_logs)", () => {
  test("the run without reward from step 58 on is found silent within one window", () => {
    const { verdict } = observeLog(readLog(silentPath!));
    expect(verdict).toMatchObject({ reason: "silent" });
    expect(verdict!.step).toBeGreaterThanOrEqual(58);
    expect(verdict!.step).toBeLessThanOrEqual(58 + 16);
    expect(verdict!.evidence.entropy).toBeGreaterThan(5);
  });

  test("and is found at its evaluations alone, when nothing else was logged", () => {
    const evaluations = readLog(silentPath!).flatMap(({ evaluation }) => evaluation ?? []);
    expect(detectCollapse([], evaluations)).toMatchObject({ step: 150, reason: "accuracy-lost" });
  });

  test("the slow decline is no collapse, but a decline", () => {
    const rows = readLog(declinePath!);
    for (let end = 1; end <= rows.length; end += 1) {
      if (end % 50 === 0 || end === rows.length) expect(observeLog(rows.slice(0, end)).verdict).toBeNull();
    }
    const { evaluations, verdict } = observeLog(rows);
    expect(evaluations.at(-1)).toEqual({ step: 500, accuracy: 0.33 });
    expect(hasDeclined(evaluations, verdict)).toBe(true);
  });

  test("the abandoned first start of a log is forgotten, its evaluation too", () => {
    const { steps, evaluations } = observeLog(readLog(declinePath!));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect(evaluations[0]).toEqual({ step: 50, accuracy: 0.462 });
  });
});

interface Series {
  readonly reward: (step: number) => number;
  readonly entropy: (step: number) => number;
  readonly agreement?: (step: number) => number;
}

const STEPS = 125;
const BASE = 0.14;

function stepsOf({ reward, entropy, agreement }: Series, seed = 1): StepObservation[] {
  const random = Random.fromSeed(seed);
  return Array.from({ length: STEPS }, (_, index) => {
    const step = index + 1;
    const noisy = (value: number, sd: number) => Math.max(0, value + sd * random.normal());
    return {
      step,
      reward: Math.min(1, noisy(reward(step), 0.12)),
      entropy: noisy(entropy(step), 0.05),
      ...(agreement === undefined ? {} : { agreement: Math.min(1, noisy(agreement(step), 0.05)) }),
      length: 20,
    };
  });
}

function evaluationsOf(accuracies: readonly number[]): EvaluationObservation[] {
  return accuracies.map((accuracy, index) => ({ step: 25 * index, accuracy }));
}

const towards = (from: number, to: number) => (step: number) => from + (to - from) * Math.min(1, step / 50);
const HEALTHY: Series = { reward: towards(0.3, 0.6), entropy: towards(0.8, 0.4) };
const CONSENSUS: Series = { reward: towards(0.6, 1), entropy: towards(0.8, 0) };
const NOISE: Series = {
  reward: (step) => (step < 50 ? 0.4 : -1),
  entropy: (step) => (step < 50 ? 0.6 : 2.8),
};

describe("runs that do not collapse", () => {
  test("a healthy noisy run stays without a verdict, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = Random.fromSeed(seed);
        const accuracies = [0, 1, 2, 3, 4, 5].map((index) => BASE + 0.03 * index + 0.016 * random.normal());
        expect(detectCollapse(stepsOf(HEALTHY, seed), evaluationsOf(accuracies))).toBeNull();
      }),
    );
  });

  test("one bad evaluation does not fire, not even at the end", () => {
    expect(detectCollapse(stepsOf(HEALTHY), evaluationsOf([BASE, 0.15, 0, 0.16, 0.2, 0.22]))).toBeNull();
    expect(detectCollapse(stepsOf(CONSENSUS), evaluationsOf([BASE, 0.15, 0.15, 0.16, 0.2, 0]))).toBeNull();
    expect(detectCollapse(stepsOf(HEALTHY), evaluationsOf([BASE, 0, 0.2, 0, 0.2, 0]))).toBeNull();
  });

  test("agreement and certainty with kept accuracy is success", () => {
    expect(detectCollapse(stepsOf(CONSENSUS), evaluationsOf([BASE, 0.3, 0.6, 0.8, 0.9, 0.93]))).toBeNull();
  });

  test("a hard stage without reward is no collapse while entropy stays and held-out accuracy holds", () => {
    const hardStage: Series = { reward: (step) => (step < 100 ? 0.5 : -1), entropy: () => 0.7 };
    expect(detectCollapse(stepsOf(hardStage), evaluationsOf([BASE, 0.2, 0.25, 0.25, 0.25, 0.24]))).toBeNull();
  });

  test("more entropy with reward is exploration", () => {
    const exploring: Series = { reward: towards(0.3, 0.5), entropy: towards(0.5, 2.5) };
    expect(detectCollapse(stepsOf(exploring), evaluationsOf([BASE, 0.15, 0.2, 0.2, 0.2, 0.2]))).toBeNull();
  });

  test("a base that could do nothing cannot lose it", () => {
    expect(detectCollapse([], evaluationsOf([0.03, 0.01, 0, 0, 0, 0]))).toBeNull();
  });

  test("a decline to 60 % of the base is no collapse", () => {
    const evaluations = evaluationsOf([0.134, 0.12, 0.1, 0.09, 0.082, 0.082]);
    expect(detectCollapse(stepsOf(CONSENSUS), evaluations)).toBeNull();
    expect(hasDeclined(evaluations)).toBe(true);
  });
});

describe("false consensus", () => {
  test("fires at the second evaluation that has lost the base's accuracy", () => {
    const verdict = detectCollapse(stepsOf(CONSENSUS), evaluationsOf([BASE, 0.09, 0.03, 0.014, 0.014, 0.014]));
    expect(verdict).toMatchObject({ step: 75, reason: "false-consensus" });
    expect(verdict!.evidence.agreement).toBeGreaterThan(0.9);
    expect(verdict!.evidence).toMatchObject({ heldOutAccuracy: 0.014, baseAccuracy: BASE, windowSteps: 16 });
  });

  test("reads agreement where a row has it: a certainty reward says nothing of it", () => {
    const confident: Series = { reward: towards(0.2, 0.2), entropy: towards(0.8, 0), agreement: towards(0.5, 0.98) };
    const evaluations = evaluationsOf([BASE, 0.05, 0.01, 0.01]);
    expect(detectCollapse(stepsOf(confident), evaluations)).toMatchObject({ step: 50, reason: "false-consensus" });
    const divided: Series = { ...confident, agreement: () => 0.4 };
    expect(detectCollapse(stepsOf(divided), evaluations)).toMatchObject({ step: 50, reason: "accuracy-lost" });
  });

  test("an accuracy of exactly half the base counts as lost, one more problem of 500 does not", () => {
    const half = evaluationsOf([0.14, 0.07, 0.07]);
    expect(detectCollapse(stepsOf(CONSENSUS), half)).toMatchObject({ step: 50 });
    expect(detectCollapse(stepsOf(CONSENSUS), evaluationsOf([0.14, 0.072, 0.072]))).toBeNull();
    expect(detectCollapse(stepsOf(CONSENSUS), evaluationsOf([0.14, 0.07, 0.072]))).toBeNull();
  });

  test("a loss of exactly four points counts, a smaller one does not", () => {
    expect(detectCollapse([], evaluationsOf([0.06, 0.02, 0.02]))).toMatchObject({ step: 50 });
    expect(detectCollapse([], evaluationsOf([0.06, 0.022, 0.022]))).toBeNull();
  });
});

describe("silence", () => {
  test("fires one window after reward stops and entropy rises, before any evaluation", () => {
    const verdict = detectCollapse(stepsOf(NOISE), []);
    expect(verdict).toMatchObject({ reason: "silent" });
    expect(verdict!.step).toBeGreaterThanOrEqual(50 + 12);
    expect(verdict!.step).toBeLessThanOrEqual(50 + 16);
  });

  test("a few rewards in the window hold the alarm", () => {
    const rows = stepsOf(NOISE).map((row) => (row.step % 8 === 0 ? { ...row, reward: 0.125 } : row));
    expect(detectCollapse(rows, [])).toBeNull();
  });

  test("noise that an unmasked vote still rewards is found at the evaluations", () => {
    const rows = stepsOf(NOISE).map((row) => (row.step < 50 ? row : { ...row, reward: 0.125, agreement: 0.125 }));
    const verdict = detectCollapse(rows, evaluationsOf([BASE, 0.15, 0, 0]));
    expect(verdict).toMatchObject({ step: 75, reason: "silent" });
  });

  test("unknown numbers are passed over", () => {
    const rows = stepsOf(NOISE).map((row) => (row.step % 2 === 0 ? { ...row, entropy: null } : row));
    expect(detectCollapse(rows, [])).toMatchObject({ reason: "silent" });
    expect(
      detectCollapse(
        rows.map((row) => ({ ...row, entropy: Number.NaN })),
        [],
      ),
    ).toBeNull();
  });
});

describe("streaming", () => {
  const evaluations = evaluationsOf([BASE, 0.09, 0.03, 0.014, 0.014, 0.014]);
  const stream = (rows: readonly StepObservation[], from: CollapseState = NOTHING_OBSERVED) =>
    rows.reduce((state, row) => {
      const next = observeStep(state, row);
      const evaluation = evaluations.find(({ step }) => step === row.step);
      return evaluation === undefined ? next : observeEvaluation(next, evaluation);
    }, from);
  const start = observeEvaluation(NOTHING_OBSERVED, evaluations[0]);
  const rows = stepsOf(CONSENSUS);

  test("gives the verdict of the whole run, and keeps the first", () => {
    expect(stream(rows, start).verdict).toEqual(detectCollapse(rows, evaluations));
  });

  test("does not look ahead: the verdict stands when its row arrives", () => {
    expect(stream(rows.slice(0, 74), start).verdict).toBeNull();
    expect(stream(rows.slice(0, 75), start).verdict).toMatchObject({ step: 75 });
  });

  test("a run that was resumed at an earlier step is judged as if it had not been stopped", () => {
    const stopped = stream(rows.slice(0, 90), start);
    expect(stopped.verdict).not.toBeNull();
    const resumed = stream(rows.slice(60), stopped);
    expect(resumed).toEqual(stream(rows, start));
    expect(observeStep(stopped, rows[60]).verdict).toBeNull();
  });

  test("a repeated step counts once, with its last row", () => {
    const doubled = rows.flatMap((row) => [{ ...row, reward: 0, entropy: 5 }, row]);
    expect(detectCollapse(doubled, [...evaluations, ...evaluations])).toEqual(detectCollapse(rows, evaluations));
  });

  test("leaves the state it was given as it was", () => {
    const before = structuredClone(start);
    stream(rows, start);
    expect(start).toEqual(before);
  });
});

describe("decline", () => {
  test("is two points below the base at the end", () => {
    expect(hasDeclined(evaluationsOf([0.14, 0.2, 0.12]))).toBe(true);
    expect(hasDeclined(evaluationsOf([0.14, 0.05, 0.122]))).toBe(false);
    expect(hasDeclined(evaluationsOf([0.14, 0.1, 0.3]))).toBe(false);
    expect(hasDeclined(evaluationsOf([0.14]))).toBe(false);
  });

  test("is not said of a run that collapsed", () => {
    const evaluations = evaluationsOf([0.14, 0, 0]);
    expect(hasDeclined(evaluations, detectCollapse([], evaluations))).toBe(false);
    expect(hasDeclined(evaluations)).toBe(true);
  });
});
