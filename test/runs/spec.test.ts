import { describe, expect, it } from "vitest";
import { LabelfreeError } from "../../src/core/errors.ts";
import { METHODS } from "../../src/rl/methods.ts";
import { DEFAULT_SETTINGS } from "../../src/rl/settings.ts";
import { type RunSpec, toRun } from "../../src/runs/spec.ts";

function problemsOf(spec: unknown): readonly string[] {
  try {
    toRun(spec as RunSpec);
  } catch (error) {
    if (!(error instanceof LabelfreeError)) throw error;
    expect(error.code).toBe("spec/invalid");
    expect(error.message).toBe((error.fields["problems"] as string[]).join("\n"));
    return error.fields["problems"] as string[];
  }
  return [];
}

describe("toRun", () => {
  it("fills an empty spec with the defaults", () => {
    expect(toRun({})).toEqual(DEFAULT_SETTINGS);
  });

  it("fills a method with its preset", () => {
    for (const [method, preset] of Object.entries(METHODS)) expect(toRun({ method })).toEqual(preset);
  });

  it("takes a complete run as a spec and gives it back", () => {
    for (const preset of Object.values(METHODS)) expect(toRun(preset)).toEqual(preset);
  });

  it("overrides single fields and keeps their neighbours", () => {
    const run = toRun({ method: "cuma", mask: { scope: "tokens" }, data: { levels: [1, 2] }, base: { tier: "l" } });
    expect(run.mask).toEqual({ ...METHODS.cuma.mask, scope: "tokens" });
    expect(run.data).toEqual({ ...METHODS.cuma.data, levels: [1, 2] });
    expect(run.base).toEqual({ tier: "l", baseSeed: 1 });
  });

  it("evaluates a set that it names at every evaluation not at the ends too", () => {
    const { sets, endSets } = toRun({ evaluation: { sets: ["gsm-like", "math-like"] } }).evaluation;
    expect(sets).toEqual(["gsm-like", "math-like"]);
    expect(endSets).toEqual(["aime-like", "gpqa-like", "lcb-like"]);
    expect(toRun({}).evaluation).toEqual(DEFAULT_SETTINGS.evaluation);
  });

  it("lets null switch a rule off that the method has on", () => {
    expect(toRun({ method: "cuma", mask: { minVotes: null } }).mask.minVotes).toBeNull();
  });

  it("takes a penalty beside a mask where it still has groups to punish", () => {
    const spec = { method: "soft", mask: { minVotes: 2 } };
    expect(toRun({ ...spec, softVotes: { minShare: 0.5 } }).softVotes).toEqual({ minShare: 0.5, penalty: 0.5 });
    expect(toRun({ ...spec, softVotes: { penalty: 0 } }).softVotes.penalty).toBe(0);
  });

  it("ignores members that are undefined", () => {
    expect(toRun({ seed: undefined, mask: { minVotes: undefined } } as never)).toEqual(DEFAULT_SETTINGS);
  });

  it("takes a checkpoint directory in place of a tier", () => {
    expect(toRun({ base: { checkpoint: "models/tiny" } }).base).toEqual({ checkpoint: "models/tiny" });
  });

  it("does not change the presets", () => {
    toRun({ method: "ttrl", mask: { minVotes: 4 }, optimizer: { learningRate: 1 } });
    expect(METHODS.ttrl.mask.minVotes).toBeNull();
    expect(DEFAULT_SETTINGS.optimizer.learningRate).toBe(1e-4);
  });
});

describe("a wrong spec", () => {
  it.each([
    ["an unknown field", { sed: 3 }, /^sed: unknown field, .*did you mean seed\?$/],
    [
      "an unknown inner field",
      { rollouts: { temprature: 1 } },
      /^rollouts\.temprature: .*did you mean rollouts\.temperature\?$/,
    ],
    ["a field at the wrong place", { learningRate: 1 }, /^learningRate: .*did you mean optimizer\.learningRate\?$/],
    ["a field like no other", { colour: "red" }, /^colour: unknown field, expected one of seed, task, [^?]*$/],
    ["a wrong type", { seed: "1" }, /^seed: wrong type, got "1", expected a number$/],
    ["a big integer", { seed: 3n }, /^seed: wrong type, got 3n, expected a number$/],
    ["a function", { seed: () => 1 }, /^seed: wrong type, got a function, expected a number$/],
    ["a fraction", { epochs: 1.5 }, /^epochs: wrong type, got 1.5, expected a whole number$/],
    [
      "NaN",
      { optimizer: { learningRate: Number.NaN } },
      /^optimizer\.learningRate: wrong type, got NaN, expected a number$/,
    ],
    ["infinity", { rollouts: { temperature: Infinity } }, /^rollouts\.temperature: .*got Infinity, expected a number$/],
    [
      "a value too small",
      { rollouts: { temperature: 0 } },
      /^rollouts\.temperature: too small, got 0, expected more than 0$/,
    ],
    ["a value too large", { optimizer: { beta1: 1 } }, /^optimizer\.beta1: too large, got 1, expected less than 1$/],
    ["an unknown method", { method: "cumma" }, /^method: unknown value, got "cumma", .*did you mean "cuma"\?$/],
    [
      "an unknown choice",
      { loss: { ratio: 3 } },
      /^loss\.ratio: unknown value, got 3, expected "token" or "sequence"$/,
    ],
    ["a level out of range", { data: { levels: [1, 6] } }, /^data\.levels\[1\]: too large, got 6, expected at most 5$/],
    ["an empty list", { data: { levels: [] } }, /^data\.levels: too small, got \[\], expected at least 1 items$/],
    ["a list in place of an object", { mask: [] }, /^mask: wrong type, got \[\], expected an object$/],
    ["null in place of an object", { mask: null }, /^mask: wrong type, got null, expected an object$/],
    ["something that is no object", "ttrl", /^spec: wrong type, got "ttrl", expected an object$/],
    ["two bases", { base: { tier: "s", checkpoint: "x" } }, /^base: two starting points/],
    [
      "a mask that no group passes",
      { mask: { minVotes: 9 } },
      /^mask\.minVotes: masks every group, got 9, expected at most/,
    ],
    [
      "a penalty for groups that are masked",
      { method: "soft", mask: { minVotes: 2 } },
      /^softVotes\.penalty: the mask drops every group that it is for, got 0\.5, expected 0 or a mask that keeps/,
    ],
    ["an unknown reward", { reward: "clusters-share" }, /^reward: .*did you mean "cluster-share"\?$/],
    [
      "a negative weight",
      { rewardMix: { certaintyWeight: -1 } },
      /^rewardMix\.certaintyWeight: too small, got -1, expected at least 0$/,
    ],
    ["an unknown equivalence", { votes: { equivalence: "set" } }, /^votes\.equivalence: unknown value, got "set"/],
    ["too few problems", { data: { size: 7 } }, /^data\.size: does not fill one step, got 7, expected at least/],
    [
      "a set evaluated always and at the ends",
      { evaluation: { sets: ["aime-like", "math-like"], endSets: ["lcb-like", "aime-like"] } },
      /^evaluation\.endSets: also in evaluation\.sets, got \["aime-like"\], expected each in one of them$/,
    ],
    [
      "a repeated set of the ends",
      { evaluation: { endSets: ["lcb-like", "lcb-like"] } },
      /^evaluation\.endSets: repeated, got \["lcb-like","lcb-like"\], expected each once$/,
    ],
    [
      "the set that places tiers",
      { evaluation: { sets: ["placement"] } },
      /^evaluation\.sets\[0\]: unknown value, got "placement"/,
    ],
    [
      "a schedule for stages that nobody knows yet",
      { data: { order: "adaptive" }, optimizer: { restartPerStage: true } },
      /^optimizer\.restartPerStage: data\.order "adaptive" has no stages .*, got true, expected false$/,
    ],
    ["a repeated level", { data: { levels: [1, 1] } }, /^data\.levels: repeated, got \[1,1\], expected each once$/],
  ])("is refused for %s, with the place and what was expected", (_, spec, message) => {
    const problems = problemsOf(spec);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("has all its problems listed at once", () => {
    const problems = problemsOf({ method: "nope", sed: 1, tasc: 2, loss: { clipLow: -1, clipHgih: 2 } });
    expect(problems.map((problem) => problem.split(":")[0]).sort()).toEqual([
      "loss.clipHgih",
      "loss.clipLow",
      "method",
      "sed",
      "tasc",
    ]);
  });
});
