import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashJson } from "../../src/core/hash.ts";
import { Random } from "../../src/core/random.ts";
import { pretrainingBatch } from "../../src/tasks/micro/corpus.ts";
import { dataHash } from "../../src/tasks/micro/data-hash.ts";
import { fullSet, generatedSet, naturalSet } from "../../src/tasks/micro/data-sets.ts";
import { evaluationSets, heldOutChains } from "../../src/tasks/micro/evaluation-sets.ts";
import { TIERS } from "../../src/tasks/micro/tiers.ts";
import {
  type EvaluationName,
  FORMS,
  LEVELS,
  MICRO_WORLD,
  type PerLevel,
  toWorld,
} from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluatePrompt } from "./evaluate.ts";

const STEPS = [1, 2, 3, 4, 4];
const RANGES = [3, 4, 5, 7, 9];
const EVALUATIONS: readonly (readonly [name: EvaluationName, form: string, counts: readonly number[]])[] = [
  ["math-like", "sum", [43, 90, 105, 128, 134]],
  ["gsm-like", "story", [60, 100, 140, 0, 0]],
  ["aime-like", "sum", [0, 0, 0, 0, 100]],
  ["gpqa-like", "choice", [0, 0, 60, 70, 70]],
  ["lcb-like", "program", [40, 40, 40, 40, 40]],
  ["placement", "sum", [43, 90, 105, 128, 134]],
];
const NONE: PerLevel = [0, 0, 0, 0, 0];
const sets = evaluationSets();

function countsOf(problems: readonly Problem[]): number[] {
  return LEVELS.map((level) => problems.filter((problem) => problem.level === level).length);
}

function promptsOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.prompt);
}

function chainsOf(problems: readonly Problem[]): string[] {
  return problems.map(({ prompt }) => evaluatePrompt(prompt, 100).chain);
}

function isInLevelOrder(problems: readonly Problem[]): boolean {
  return problems.every((problem, index) => index === 0 || problems[index - 1].level <= problem.level);
}

/** Expects right answers, and chains that the stated level can draw. */
function expectRight(problems: readonly Problem[], form: string): void {
  for (const { prompt, answer, level } of problems) {
    const asked = evaluatePrompt(prompt, 100);
    const steps = asked.chain.slice(2).match(/[+-][1-9]/g) ?? [];
    expect([prompt, asked.form, Number(answer)]).toEqual([prompt, form, asked.answer]);
    expect(steps.join("")).toBe(asked.chain.slice(2));
    expect(steps.length).toBe(STEPS[level - 1]);
    expect(Math.max(...steps.map((step) => Number(step[1])))).toBeLessThanOrEqual(RANGES[level - 1]);
  }
}

/** A world whose only evaluation problems are those of math-like. */
function withMathLike(counts: PerLevel) {
  const others = Object.entries(MICRO_WORLD.evaluations).map(([name, set]) => [name, { ...set, counts: NONE }]);
  return toWorld({ evaluations: { ...Object.fromEntries(others), "math-like": { form: "sum", counts } } });
}

describe("evaluation sets", () => {
  it.each(EVALUATIONS)("of %s are written as a %s, in their exact counts and in level order", (name, form, counts) => {
    expect(countsOf(sets[name])).toEqual(counts);
    expect(isInLevelOrder(sets[name])).toBe(true);
    expectRight(sets[name], form);
  });

  it("are those six, and none of their problems is called generated", () => {
    expect(Object.keys(sets)).toEqual(EVALUATIONS.map(([name]) => name));
    expect(Object.values(sets).flatMap((set) => set.filter((problem) => problem.generated))).toEqual([]);
  });

  it("share no chain within or between them, in whatever form, and hold all of them out", () => {
    const chains = chainsOf(Object.values(sets).flat());
    expect(chains.length).toBe(500 + 300 + 100 + 200 + 200 + 500);
    expect(new Set(chains).size).toBe(chains.length);
    expect(new Set(heldOutChains().keys())).toEqual(new Set(chains));
  });

  it("share no id, which names the prompt", () => {
    const problems = Object.values(sets).flat();
    expect(new Set(problems.map(({ id }) => id)).size).toBe(problems.length);
  });

  it("leave most of level 1 to train on", () => {
    const ofLevel1 = [...heldOutChains().keys()].filter((chain) => /^..[+-][1-3]$/.test(chain));
    expect(ofLevel1.length).toBe(43 + 60 + 40 + 43);
  });

  it("are the same whatever is other in the training data or in the corpus", () => {
    const other = toWorld({
      naturalCounts: NONE,
      guessExponent: 0,
      formShares: { sum: 1, story: 0, choice: 0, program: 0 },
    });
    expect(evaluationSets(other)).toEqual(sets);
    for (const { world } of Object.values(TIERS)) expect(evaluationSets(toWorld(world))).toEqual(sets);
    expect(evaluationSets(toWorld({ evaluationSeed: 7 }))).not.toEqual(sets);
  });

  it("are refused where a level has too few chains", () => {
    expect(() => evaluationSets(withMathLike([601, 0, 0, 0, 0]))).toThrow(
      expect.objectContaining({
        code: "tasks/too-few-problems",
        fields: { name: "math-like", distinct: 600, expected: 601 },
      }),
    );
  });

  it("are refused where they leave a level nothing to train on", () => {
    expect(() => evaluationSets(withMathLike([600, 0, 0, 0, 0]))).toThrow(
      expect.objectContaining({ code: "tasks/no-problems-left", fields: { level: 1, space: 600 } }),
    );
    expect(countsOf(evaluationSets(withMathLike([599, 0, 0, 0, 0]))["math-like"])).toEqual([599, 0, 0, 0, 0]);
  });
});

describe("training sets", () => {
  it.each(FORMS)("of form %s have their exact counts, in level order", (form) => {
    expect(countsOf(naturalSet(1, MICRO_WORLD, form))).toEqual([86, 180, 210, 256, 268]);
    expect(countsOf(generatedSet(1, MICRO_WORLD, form))).toEqual([114, 20, 0, 0, 0]);
    expect(countsOf(fullSet(1, MICRO_WORLD, form))).toEqual([200, 200, 200, 200, 200]);
    expect([naturalSet, generatedSet, fullSet].every((draw) => isInLevelOrder(draw(1, MICRO_WORLD, form)))).toBe(true);
  });

  it.each(FORMS)("of form %s carry right answers at their stated level", (form) => {
    expectRight([...naturalSet(2, MICRO_WORLD, form), ...generatedSet(2, MICRO_WORLD, form)], form);
  });

  it("are sums unless another form is asked for", () => {
    expect([naturalSet(3), generatedSet(3), fullSet(3)]).toEqual(
      [naturalSet, generatedSet, fullSet].map((draw) => draw(3, MICRO_WORLD, "sum")),
    );
  });

  it("fill a level with natural problems first, then with generated ones", () => {
    const full = fullSet(1);
    const natural = naturalSet(1);
    for (const level of LEVELS) {
      const marks = full.filter((problem) => problem.level === level).map((problem) => problem.generated);
      expect(marks).toEqual([...marks].sort((a, b) => Number(a) - Number(b)));
      const kept = full.filter((problem) => problem.level === level && !problem.generated);
      const original = natural.filter((problem) => problem.level === level);
      expect(kept).toEqual(original.slice(0, 200));
    }
    expect(full.filter((problem) => problem.generated)).toEqual(generatedSet(1));
  });

  it("repeat no chain and never meet one of an evaluation problem in any form, whatever the seed", () => {
    const heldOut = new Set(chainsOf(Object.values(sets).flat()));
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...FORMS), (seed, form) => {
        for (const set of [fullSet(seed, MICRO_WORLD, form), naturalSet(seed, MICRO_WORLD, form)]) {
          const chains = chainsOf(set);
          expect(new Set(chains).size).toBe(1000);
          expect(chains.filter((chain) => heldOut.has(chain))).toEqual([]);
        }
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it("repeat chains only once a level has no other left", () => {
    const world = toWorld({ naturalCounts: [500, 0, 0, 0, 0], fullCounts: [520, 0, 0, 0, 0] });
    for (const form of FORMS) {
      const chains = chainsOf(naturalSet(1, world, form));
      expect(chains.length).toBe(500);
      expect(new Set(chains).size).toBe(600 - 186);
      expect(new Set(chains.slice(0, 414)).size).toBe(414);
      expect(fullSet(1, world, form).length).toBe(520);
    }
  });

  it("are the same for the same seed and differ between seeds", () => {
    expect(fullSet(5)).toEqual(fullSet(5));
    expect(promptsOf(naturalSet(5))).not.toEqual(promptsOf(naturalSet(6)));
    expect(promptsOf(generatedSet(5))).not.toEqual(promptsOf(generatedSet(6)));
    const shared = new Set(promptsOf(naturalSet(5).filter((problem) => problem.level >= 3)));
    const repeated = naturalSet(6).filter((problem) => shared.has(problem.prompt));
    expect(repeated.length).toBeLessThan(10); // about 0.4 of 734 by chance
  });
});

describe("data hash", () => {
  it("changes with the world, with a problem and with the order", () => {
    const set = naturalSet(1);
    const hashes = [
      dataHash(MICRO_WORLD, { train: set }),
      dataHash(toWorld({ guessExponent: 1.1 }), { train: set }),
      dataHash(MICRO_WORLD, { train: set.slice(1) }),
      dataHash(MICRO_WORLD, { train: [...set].reverse() }),
      dataHash(MICRO_WORLD, { other: set }),
      dataHash(MICRO_WORLD, { train: naturalSet(1, MICRO_WORLD, "story") }),
    ];
    expect(new Set(hashes).size).toBe(6);
    expect(dataHash(toWorld({}), { train: naturalSet(1) })).toBe(hashes[0]);
  });

  // These bits must come out on every machine; a change here is a change of the world, and makes old runs incomparable.
  it("is the committed one for seed 1", () => {
    const corpusOf = (world = MICRO_WORLD) => hashJson(pretrainingBatch(Random.fromSeed(1), 1000, world));
    expect({
      evaluation: hashJson(evaluationSets()),
      natural: hashJson(naturalSet(1)),
      full: Object.fromEntries(FORMS.map((form) => [form, hashJson(fullSet(1, MICRO_WORLD, form))])),
      corpus: corpusOf(),
      flatCorpus: corpusOf(toWorld(TIERS["xs-flat"].world)),
      checkedCorpus: corpusOf(toWorld(TIERS["xs-checked"].world)),
      all: dataHash(MICRO_WORLD, { train: fullSet(1), ...evaluationSets() }),
    }).toEqual({
      evaluation: "6b9c04412f3352db2b743b2f6b305d2edea70b0c341a7ab38bb5257274b14f51",
      natural: "1d4efbb32d2425f009fa79cada08148056a20ed5aed5c07d49c253435557999d",
      full: {
        sum: "bd7eaaef422878ec99e04dbc24b65b2ef724f3db7196a13e4b1e1cd2af564d7d",
        story: "7334d40e13c2e0d5fe8a81ceffa0134ec19ce3eb0225ff86075b6cbd4d887a1e",
        choice: "b0cdc5ed25a669b0d6f822bfa2d0d540667f64dfbb870e223840d3a3c0029069",
        program: "a3f5bdf9c491dca692717c2d1dd9c0af986dbeeb838b8291260adddaeb78ff31",
      },
      corpus: "0d75ce854b46f8fb366336872ebd64ba55239ca805dbb26c9d673b03cdc9ee35",
      flatCorpus: "2222249cdfe881030baec906331e8d7f51cdf764349e12ba14dd9fae39dbd945",
      checkedCorpus: "8c466f146897cb10013732f1b68e0ac3092168bea4ec327a932e49a38221943f",
      all: "8b6267c0eb4f7f0d6a756e629ed249a7d77eb75eaf4d1662e42061b7446b9faf",
    });
  });
});
