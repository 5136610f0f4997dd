import { afterAll, describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/core/canonical-json.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import type { AdamWState } from "../../src/model/adamw.ts";
import { AdamW } from "../../src/model/adamw.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { Policy } from "../../src/model/policy.ts";
import type { AgreementState } from "../../src/rl/adaptive-order.ts";
import type { METHODS } from "../../src/rl/methods.ts";
import type { RunSettings } from "../../src/rl/settings.ts";
import type { TrainerState } from "../../src/rl/trainer.ts";
import { digitProblems, newPolicy, recording, tinyRun, tinySettings } from "./tiny-run.ts";

const device = await createWasmDevice();
afterAll(() => device.close());

async function finish(settings: RunSettings) {
  const run = tinyRun(device, settings, settings.loss.klWeight > 0 ? { reference: newPolicy(device) } : {});
  const record = recording();
  const outcome = await run.trainer.run(record);
  return { ...run, ...record, outcome, hash: await run.policy.transformer.weightsHash() };
}

interface Saved {
  readonly state: TrainerState;
  readonly weights: Map<string, Float32Array>;
  readonly optimizer: AdamWState;
}

/** Runs in pieces, each on a new policy and optimiser restored from what the last one left, and stops after each step asked. */
async function finishInPieces(settings: RunSettings, stops: readonly number[]) {
  const record = recording();
  const outcomes: string[] = [];
  let saved: Saved | undefined;
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    const policy = newPolicy(device);
    const { beta1, beta2, epsilon, weightDecay } = settings.optimizer;
    const optimizer = new AdamW(policy.transformer, { beta1, beta2, eps: epsilon, weightDecay });
    if (saved !== undefined) {
      policy.transformer.writeWeights(saved.weights);
      optimizer.restore(saved.optimizer);
    }
    const { trainer } = tinyRun(device, settings, {
      policy,
      optimizer,
      ...(saved === undefined ? {} : { state: saved.state }),
      ...(settings.loss.klWeight > 0 ? { reference: newPolicy(device) } : {}),
    });
    const hooks = {
      ...record,
      shouldStop: () => trainer.state().step >= stop,
      checkpoint: async () => {
        const weights = await policy.transformer.readWeights();
        saved = { state: trainer.state(), weights, optimizer: await optimizer.state() };
      },
    };
    outcomes.push(await trainer.run(hooks));
  }
  const policy = newPolicy(device);
  policy.transformer.writeWeights(saved!.weights);
  return { ...record, outcomes, hash: await policy.transformer.weightsHash() };
}

/** A method that soon learns what it is rewarded for, so that levels open and targets move. */
function withOrder(order: RunSettings["data"]["order"], changes: Partial<RunSettings> = {}): RunSettings {
  const settings = tinySettings("ttrl", changes);
  return { ...settings, data: { ...settings.data, order } };
}

const METHOD_NAMES: readonly (keyof typeof METHODS)[] = ["grpo", "ttrl", "intuitor", "cuma", "random", "format"];

describe("learning", () => {
  test("GRPO teaches a tiny policy a form that chance gives in one of twelve responses", async () => {
    const settings = tinySettings("format", { epochs: 6 });
    const optimizer = { ...settings.optimizer, learningRate: 0.01 };
    const { outcome, steps, evaluations } = await finish({ ...settings, optimizer });
    expect(outcome).toBe("finished");
    const rewardOf = (rows: typeof steps) => rows.reduce((sum, { reward }) => sum + (reward ?? 0), 0) / rows.length;
    expect(rewardOf(steps.slice(0, 5))).toBeLessThan(0.25);
    expect(rewardOf(steps.slice(-5))).toBeGreaterThan(0.9);
    expect(evaluations[0]["eval/held-out/empty_answer_share"]).toBeGreaterThan(0.75);
    expect(evaluations.at(-1)!["eval/held-out/empty_answer_share"]).toBeLessThan(0.1);
  });

  test("labels teach the answer where a random reward does not", async () => {
    const { optimizer, evaluation } = tinySettings("grpo");
    const slow = {
      epochs: 24,
      optimizer: { ...optimizer, learningRate: 0.003 },
      evaluation: { ...evaluation, everySteps: 1000 },
    };
    const [label, random] = [await finish(tinySettings("grpo", slow)), await finish(tinySettings("random", slow))];
    expect(label.evaluations.at(-1)!["eval/held-out/accuracy"]).toBeGreaterThan(0.7);
    expect(random.evaluations.at(-1)!["eval/held-out/accuracy"]).toBeLessThan(0.3);
  });

  test("a certainty reward lowers entropy", async () => {
    const { steps } = await finish(tinySettings("intuitor", { epochs: 3 }));
    expect(steps.at(-1)!.entropy).toBeLessThan(0.5 * steps[0].entropy!);
    expect(steps.at(-1)!.reward).toBeGreaterThan(steps[0].reward!);
  });
});

describe("reproducibility", () => {
  test.each(METHOD_NAMES)(
    "%s: two runs of the same seed end in the same bits, another seed does not",
    async (method) => {
      const [first, second, other] = [
        await finish(tinySettings(method)),
        await finish(tinySettings(method)),
        await finish(tinySettings(method, { seed: 2 })),
      ];
      expect(second.hash).toBe(first.hash);
      expect(canonicalJson(second.steps)).toBe(canonicalJson(first.steps));
      expect(canonicalJson(second.evaluations)).toBe(canonicalJson(first.evaluations));
      expect(other.hash).not.toBe(first.hash);
    },
  );

  test("the number of threads does not change a bit", async () => {
    const settings = tinySettings("cuma");
    const threaded = await createWasmDevice({ threads: 2 });
    const run = tinyRun(threaded, settings);
    await run.trainer.run(recording());
    const hash = await run.policy.transformer.weightsHash();
    await threaded.close();
    expect(hash).toBe((await finish(settings)).hash);
  });

  test.each([
    ["at the first step", [1]],
    ["before an evaluation", [7]],
    ["at an evaluation", [8]],
    ["between", [9]],
    ["before the last step", [19]],
    ["many times", [1, 2, 8, 9, 16, 19]],
  ])("a run stopped %s and resumed is the uninterrupted run, in rows and weights", async (_, stops) => {
    for (const settings of [
      tinySettings("cuma"),
      tinySettings("random", { tieRule: "random", updatesPerBatch: 2, epochs: 2 }),
      withOrder("adaptive", { epochs: 4 }),
      withOrder("adarft"),
    ]) {
      const whole = await finish(settings);
      const pieces = await finishInPieces(settings, stops);
      expect(pieces.outcomes).toEqual([...stops.map(() => "stopped"), "finished"]);
      expect(canonicalJson(pieces.steps)).toBe(canonicalJson(whole.steps));
      expect(canonicalJson(pieces.evaluations)).toBe(canonicalJson(whole.evaluations));
      expect(pieces.hash).toBe(whole.hash);
    }
  });

  test("an order that is found while training reaches every level and leaves no trace in a state without it", async () => {
    const first = await finish(withOrder("adarft", { seed: 3 }));
    expect(new Set(first.steps.map((row) => row["labelfree/level"])).size).toBeGreaterThan(1);
    expect(first.trainer.state().order).toMatchObject({ taken: [16, 16, 16, 16, 16] });
    expect((await finish(tinySettings("cuma"))).trainer.state()).toEqual({ step: 20 });
    const adaptive = await finish(withOrder("adaptive", { epochs: 4 }));
    expect((adaptive.trainer.state().order!.rule as AgreementState).mastered).toContain(true);
    expect(adaptive.hash).not.toBe((await finish(withOrder("curriculum", { epochs: 4 }))).hash);
  });

  test("how often a run is evaluated does not change its training", async () => {
    const settings = tinySettings("ttrl");
    const often = await finish({ ...settings, evaluation: { ...settings.evaluation, everySteps: 1 } });
    const seldom = await finish({ ...settings, evaluation: { ...settings.evaluation, everySteps: 100 } });
    expect(often.hash).toBe(seldom.hash);
    expect(often.evaluations.length).toBe(21);
    expect(seldom.evaluations.map(({ step }) => step)).toEqual([0, 20]);
    expect(seldom.evaluations[1]).toEqual(often.evaluations[20]);
  });
});

describe("updates", () => {
  test("the first update of a batch is on-policy, later ones are not", async () => {
    const once = await finish(tinySettings("format"));
    expect(once.steps.every((row) => row["clip_ratio/region_mean"] === 0)).toBe(true);
    const often = await finish(tinySettings("format", { updatesPerBatch: 4 }));
    expect(often.steps.some((row) => row["clip_ratio/region_mean"]! > 0)).toBe(true);
  });

  test("re-scoring the rollouts gives the log-probabilities they were sampled with", async () => {
    // a learning rate of 0 leaves the policy where it was, so a second update meets ratios of 1 up to rounding
    const preset = tinySettings("format");
    const optimizer = { ...preset.optimizer, learningRate: 0 };
    const narrow = { ...preset.loss, clipLow: 1e-5, clipHigh: 1e-5 };
    const { steps } = await finish({ ...preset, optimizer, loss: narrow, updatesPerBatch: 2 });
    expect(steps.every((row) => row["clip_ratio/region_mean"] === 0)).toBe(true);
  });

  test("the rate warms up and decays over all updates", async () => {
    const { steps } = await finish(tinySettings("format"));
    const rates = steps.map((row) => row.learning_rate!);
    expect(rates[0]).toBe(0);
    expect(rates[2]).toBe(0.02);
    expect(rates.slice(2)).toEqual(rates.slice(2).toSorted((a, b) => b - a));
    expect(rates[19]).toBeGreaterThan(0);
  });

  test("a schedule that restarts per stage warms up again at each level", async () => {
    const preset = tinySettings("cuma", { epochs: 4 });
    const rates = async (restartPerStage: boolean) =>
      (await finish({ ...preset, optimizer: { ...preset.optimizer, warmupShare: 0.25, restartPerStage } })).steps.map(
        (row) => row.learning_rate,
      );
    const restarted = await rates(true);
    expect(restarted.flatMap((rate, index) => (rate === 0 ? [index] : []))).toEqual(
      Array.from({ length: 20 }, (_, stage) => 4 * stage),
    );
    expect((await rates(false)).filter((rate) => rate === 0)).toEqual([0]);
  });

  test("a KL term needs a reference, holds the policy near it and is reported", async () => {
    const preset = tinySettings("format");
    const withKl = (klWeight: number): RunSettings => ({ ...preset, loss: { ...preset.loss, klWeight } });
    expect(() => tinyRun(device, withKl(0.1))).toThrow(/klWeight 0.1 and no reference/);
    const [weak, strong, none] = [await finish(withKl(0.001)), await finish(withKl(2)), await finish(preset)];
    expect(weak.steps[0].kl).toBeCloseTo(0, 6);
    expect(strong.steps.at(-1)!.kl).toBeLessThan(0.5 * weak.steps.at(-1)!.kl!);
    expect(none.steps.every(({ kl }) => kl === null)).toBe(true);
  });
});

describe("mask", () => {
  // every group masked: nobody can reach nine equal votes of eight
  const allMasked = (scope: RunSettings["mask"]["scope"], klWeight: number): RunSettings => {
    const preset = tinySettings("ttrl");
    return {
      ...preset,
      mask: { minVotes: 9, minShare: null, scope },
      loss: { ...preset.loss, klWeight },
      optimizer: { ...preset.optimizer, weightDecay: 0 },
    };
  };

  test("a run whose groups are all masked leaves the weights as they were", async () => {
    const base = await newPolicy(device).transformer.weightsHash();
    for (const scope of ["advantage", "advantage-and-kl", "tokens"] as const) {
      const { hash, steps } = await finish(allMasked(scope, 0));
      expect(hash).toBe(base);
      expect(steps.every((row) => row["labelfree/masked_fraction"] === 1 && row.grad_norm === 0)).toBe(true);
    }
  });

  test("a step without signal still updates: weight decay acts", async () => {
    const settings = allMasked("tokens", 0);
    const { hash } = await finish({ ...settings, optimizer: { ...settings.optimizer, weightDecay: 0.01 } });
    expect(hash).not.toBe(await newPolicy(device).transformer.weightsHash());
  });

  test('scope "advantage" keeps the KL term of a masked group, the others drop it', async () => {
    const policy = newPolicy(device);
    const weights = await policy.transformer.readWeights();
    // a reference unlike the policy, so that the KL term has a gradient from the first step
    const embedding = weights.get("model.embed_tokens.weight")!;
    weights.set(
      "model.embed_tokens.weight",
      embedding.map((value) => 3 * value),
    );
    const reference = new Policy(Transformer.create(device, policy.transformer.config, weights));
    const gradNorms = async (scope: RunSettings["mask"]["scope"]) => {
      const record = recording();
      await tinyRun(device, allMasked(scope, 1), { reference }).trainer.run(record);
      return record.steps.map((row) => row.grad_norm!);
    };
    expect((await gradNorms("advantage")).every((norm) => norm > 0)).toBe(true);
    expect((await gradNorms("advantage-and-kl")).every((norm) => norm === 0)).toBe(true);
    expect((await gradNorms("tokens")).every((norm) => norm === 0)).toBe(true);
  });

  test('scope "tokens" leaves the normaliser, so the kept groups weigh more', async () => {
    const first = async (scope: RunSettings["mask"]["scope"]) => {
      const preset = tinySettings("ttrl");
      const { steps } = await finish({ ...preset, mask: { minVotes: 2, minShare: null, scope } });
      return steps.find((row) => row["labelfree/masked_fraction"]! > 0 && row["labelfree/masked_fraction"]! < 1)!;
    };
    const [kept, left] = [await first("advantage"), await first("tokens")];
    // the first step has rate 0, so up to the first partly masked one of an early step both runs are the same
    expect(left.step).toBe(kept.step);
    expect(left.grad_norm).toBeGreaterThan(kept.grad_norm!);
  });
});

describe("rows", () => {
  test("a step's row says what its rollouts were", async () => {
    const { steps } = await finish(tinySettings("ttrl"));
    for (const [index, row] of steps.entries()) {
      expect(row.step).toBe(index + 1);
      expect(row["labelfree/diverged"]).toBe(false);
      expect(row["labelfree/level"]).toBeGreaterThanOrEqual(1);
      expect(row["labelfree/level"]).toBeLessThanOrEqual(5);
      // a majority's rollouts are those rewarded
      expect(row.reward).toBeCloseTo(row["labelfree/majority_share"]!, 12);
      expect(row["completions/mean_length"]).toBeLessThanOrEqual(3);
    }
    const levels = [1, 2, 3, 4, 5].map((level) =>
      steps.filter((row) => row[`labelfree/accuracy/level_${level}`] !== null),
    );
    expect(levels.every((rows) => rows.length > 0 && rows.length < steps.length)).toBe(true);
    expect(() => canonicalJson(steps)).not.toThrow();
  });

  test("rewards by label always agree with correctness, certainty rewards cannot", async () => {
    const label = await finish(tinySettings("grpo"));
    expect(label.steps.every((row) => row["labelfree/reward_accuracy"] === 1)).toBe(true);
    expect(label.steps.every((row) => row.reward === row["labelfree/accuracy"])).toBe(true);
    const certainty = await finish(tinySettings("intuitor"));
    expect(certainty.steps.every((row) => row["labelfree/reward_accuracy"] === null)).toBe(true);
  });

  test("an evaluation keeps each response's correctness and the most frequent answers", async () => {
    const preset = tinySettings("grpo", { epochs: 6 });
    const { evaluations } = await finish({ ...preset, evaluation: { ...preset.evaluation, samplesPerProblem: 2 } });
    for (const row of evaluations) {
      const correct = row["eval/held-out/correct"]!;
      expect(correct).toMatch(/^[01]{60}$/);
      const right = [...correct].filter((digit) => digit === "1").length;
      expect(row["eval/held-out/accuracy"]).toBeCloseTo(right / 60, 12);
      const top = row["eval/held-out/answers/top"]!;
      expect(top.length).toBeLessThanOrEqual(5);
      expect(top.map(({ count }) => count)).toEqual(top.map(({ count }) => count).toSorted((a, b) => b - a));
      const byLevel = [1, 2, 3, 4, 5].map((level) => row[`eval/held-out/level_${level}`]!);
      expect(byLevel.reduce((sum, value) => sum + value, 0) / 5).toBeCloseTo(right / 60, 12);
    }
    expect(evaluations[0]["eval/held-out/answers/top"]![0].answer).toBeNull();
    expect(evaluations[0]["eval/held-out/empty_answer_share"]).toBeGreaterThan(0.5);
  });

  test("an unknown evaluation set is named, with those that exist", async () => {
    const preset = tinySettings("grpo");
    const settings = { ...preset, evaluation: { ...preset.evaluation, sets: ["absent"] } };
    await expect(finish(settings)).rejects.toThrow(/got "absent", expected one of "held-out"/);
  });
});

describe("end of a run", () => {
  test("checkpoints come every so many steps and at the end", async () => {
    const steps: number[] = [];
    const { trainer } = tinyRun(device, tinySettings("format"));
    await trainer.run(recording({ checkpoint: async (step) => void steps.push(step) }));
    expect(steps).toEqual([7, 14, 20]);
    expect(trainer.state()).toEqual({ step: 20 });
  });

  test("a run whose numbers are no longer finite ends as diverged, with a row that says so", async () => {
    const policy = newPolicy(device);
    const { trainer } = tinyRun(device, tinySettings("format"), { policy });
    const checkpoints: number[] = [];
    const record = recording({ checkpoint: async (step) => void checkpoints.push(step) });
    const hooks = {
      ...record,
      onStep(row: (typeof record.steps)[number]) {
        record.onStep(row);
        if (row.step !== 9) return;
        const head = policy.transformer.layout.size;
        device.write(policy.transformer.flat, new Float32Array(head).fill(1e30));
      },
    };
    expect(await trainer.run(hooks)).toBe("diverged");
    const last = record.steps.at(-1)!;
    expect(last).toMatchObject({ step: 10, "labelfree/diverged": true });
    expect(last.loss === null || last.grad_norm === null).toBe(true);
    expect(() => canonicalJson(record.steps)).not.toThrow();
    expect(record.evaluations.map(({ step }) => step)).toEqual([0, 8]);
    expect(checkpoints).toEqual([7]);
  });

  test("a finished run has nothing left to do", async () => {
    const { trainer } = tinyRun(device, tinySettings("format"), { state: { step: 20 } });
    const record = recording();
    expect(await trainer.run(record)).toBe("finished");
    expect([...record.steps, ...record.evaluations]).toEqual([]);
  });

  test("too few problems are refused when the run is made", () => {
    expect(() => tinyRun(device, tinySettings("format"), { problems: digitProblems.slice(0, 3) })).toThrow(/got 3/);
  });
});
