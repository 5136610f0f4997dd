import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashJson } from "../../src/core/hash.ts";
import { Random } from "../../src/core/random.ts";
import { pretrainingBatch } from "../../src/tasks/micro/corpus.ts";
import { dataHash } from "../../src/tasks/micro/data-hash.ts";
import { fullSet, generatedSet, naturalSet, naturalSetUpTo } from "../../src/tasks/micro/data-sets.ts";
import { evaluationSets, heldOutPrompts } from "../../src/tasks/micro/evaluation-sets.ts";
import { belongsToLevel } from "../../src/tasks/micro/problem.ts";
import { LEVELS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";
import type { Problem } from "../../src/tasks/task.ts";
import { evaluate } from "./evaluate.ts";

function countsOf(problems: readonly Problem[]): number[] {
  return LEVELS.map((level) => problems.filter((problem) => problem.level === level).length);
}

function promptsOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.prompt);
}

function isInLevelOrder(problems: readonly Problem[]): boolean {
  return problems.every((problem, index) => index === 0 || problems[index - 1].level <= problem.level);
}

describe("evaluation sets", () => {
  const sets = evaluationSets();

  it("have their exact counts, in level order", () => {
    expect(countsOf(sets["math-like"])).toEqual([43, 90, 105, 128, 134]);
    expect(countsOf(sets["gsm-like"])).toEqual([100, 100, 100, 0, 0]);
    expect(isInLevelOrder(sets["math-like"]) && isInLevelOrder(sets["gsm-like"])).toBe(true);
  });

  it("share no prompt within or between them", () => {
    const prompts = promptsOf([...sets["math-like"], ...sets["gsm-like"], ...sets.placement]);
    expect(new Set(prompts).size).toBe(1300);
    expect(heldOutPrompts()).toEqual(new Set(prompts));
  });

  it("are refused where a level has too few prompts", () => {
    const small = toWorld({
      evaluationCounts: { "math-like": [601, 0, 0, 0, 0], "gsm-like": [0, 0, 0, 0, 0], placement: [0, 0, 0, 0, 0] },
    });
    expect(() => evaluationSets(small)).toThrow(expect.objectContaining({ code: "tasks/too-few-problems" }));
  });

  it("are refused where they leave a level nothing to train on", () => {
    const closed = toWorld({
      evaluationCounts: { "math-like": [600, 0, 0, 0, 0], "gsm-like": [0, 0, 0, 0, 0], placement: [0, 0, 0, 0, 0] },
    });
    expect(() => evaluationSets(closed)).toThrow(expect.objectContaining({ code: "tasks/no-problems-left" }));
  });
});

describe("training sets", () => {
  it("have their exact counts, in level order", () => {
    expect(countsOf(naturalSet(1))).toEqual([86, 180, 210, 256, 268]);
    expect(countsOf(generatedSet(1))).toEqual([114, 20, 0, 0, 0]);
    expect(countsOf(fullSet(1))).toEqual([200, 200, 200, 200, 200]);
    expect([naturalSet(1), generatedSet(1), fullSet(1)].every(isInLevelOrder)).toBe(true);
  });

  it("carry right answers at their stated level", () => {
    for (const { prompt, answer, level } of [...naturalSet(2), ...generatedSet(2)]) {
      expect(Number(answer)).toBe(evaluate(prompt.slice(0, -1), 100));
      expect(belongsToLevel(prompt, level)).toBe(true);
    }
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

  it("repeat no prompt and never meet an evaluation prompt, whatever the seed", () => {
    const heldOut = heldOutPrompts();
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(2, 3, 4, 5), (seed, lastLevel) => {
        for (const set of [fullSet(seed), naturalSet(seed), naturalSetUpTo(lastLevel, seed)]) {
          const prompts = promptsOf(set);
          expect(new Set(prompts).size).toBe(1000);
          expect(prompts.filter((prompt) => heldOut.has(prompt))).toEqual([]);
        }
      }),
      { numRuns: 15, seed: 1 },
    );
  });

  it("of a sweep keep their size and the natural proportions of the levels that remain", () => {
    expect(countsOf(naturalSetUpTo(2, 1))).toEqual([323, 677, 0, 0, 0]);
    expect(countsOf(naturalSetUpTo(3, 1))).toEqual([181, 378, 441, 0, 0]);
    expect(countsOf(naturalSetUpTo(4, 1))).toEqual([117, 246, 287, 350, 0]);
    expect(naturalSetUpTo(5, 1)).toEqual(naturalSet(1));
  });

  it("repeat prompts only once a level has no other left", () => {
    const world = toWorld({ naturalCounts: [500, 0, 0, 0, 0], fullCounts: [520, 0, 0, 0, 0] });
    const prompts = promptsOf(naturalSet(1, world));
    expect(prompts.length).toBe(500);
    expect(new Set(prompts).size).toBe(414);
    expect(new Set(prompts.slice(0, 414)).size).toBe(414);
    expect(fullSet(1, world).length).toBe(520);
    expect(new Set(promptsOf(naturalSetUpTo(1, 1))).size).toBe(414);
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
    ];
    expect(new Set(hashes).size).toBe(5);
    expect(dataHash(toWorld({}), { train: naturalSet(1) })).toBe(hashes[0]);
  });

  // These bits must come out on every machine; a change here is a change of the world, and makes old runs incomparable.
  it("is the committed one for seed 1", () => {
    expect({
      evaluation: hashJson(evaluationSets()),
      natural: hashJson(naturalSet(1)),
      full: hashJson(fullSet(1)),
      sweep: hashJson(naturalSetUpTo(2, 1)),
      corpus: hashJson(pretrainingBatch(Random.fromSeed(1), 1000)),
      all: dataHash(MICRO_WORLD, { train: fullSet(1), ...evaluationSets() }),
    }).toEqual({
      evaluation: "f85d560349cc920dafc0fb40103abc6781a15e4702178cc2a8ce9ec6e9cf8359",
      natural: "21b4790e23d63e7db7ad004a0f8f5e4c3c400adc682473d62969d6056d118122",
      full: "8a7f576fa52bcb390f1cc850e473a5a5d5f6d2764bab83ca704a6454a002b3c3",
      sweep: "d5328db6473f8ca54f901f53d57b22acf60741ca054d01bc2ede27af2cc482f7",
      corpus: "580a8ff4b54a70be23586dd7fe43ab313afebe04b78a2e8945c4090259d17dd8",
      all: "c766672bdbaf69f703ef6f4d46ffd0badfc7ed78ea9348d9e3ac947e72cf76d3",
    });
  });
});
