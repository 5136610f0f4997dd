import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { drawDocument } from "../../../src/findings/data-generation/generator-corpus.ts";
import { requestOf } from "../../../src/findings/data-generation/generated-problems.ts";
import { makeGeneratedProblems } from "../../../src/findings/data-generation/make-generated-problems.ts";
import { answeredProblems } from "../../../src/findings/data-generation/measure-failures.ts";
import { readProblems } from "../../../src/findings/data-generation/read-problems.ts";
import { setQuality } from "../../../src/findings/data-generation/set-quality.ts";
import { topicOf, topicSpread } from "../../../src/findings/data-generation/sub-topics.ts";
import { heldOutChains } from "../../../src/tasks/micro/evaluation-sets.ts";
import { BOS, decode, EOS } from "../../../src/tasks/micro/vocabulary.ts";

const { generator } = requestOf("micro");
const CLEAN = { ...generator.corpus, copy: 0, nearCopy: 0, neighbourLevel: 0, worksheet: 0 };

/** A document in its parts. */
function documentOf(seed: number, settings = CLEAN) {
  const ids = drawDocument(Random.fromSeed(seed), settings);
  const text = decode(ids.slice(1, -1));
  const [mark, examples, further] = text.split(";");
  const chains = (part: string) => readProblems(part).map(({ chainText }) => chainText);
  return { ids, text, level: Number(mark.slice(1)), examples: chains(examples), further: readProblems(further) };
}

const DOCUMENTS = Array.from({ length: 30 }, (_, seed) => documentOf(seed));

test("a document names a level, gives five examples of it and 25 further problems", () => {
  for (const { ids, text, level, examples, further } of DOCUMENTS) {
    expect([ids[0], ids.at(-1)]).toEqual([BOS, EOS]);
    expect(text).toMatch(/^#[1-5];([0-9+-]+\?){5};([0-9+-]+\?){25}$/);
    expect([examples.length, further.length]).toEqual([5, 25]);
    const own = further.filter((problem) => problem.level === level).length;
    expect(own).toBeGreaterThanOrEqual(level === 5 ? 5 : 25);
  }
});

test("no document holds the chain of an evaluation problem, copied and changed ones included", () => {
  const heldOut = heldOutChains();
  const noisy = Array.from({ length: 30 }, (_, seed) => documentOf(seed, { ...CLEAN, copy: 0.3, nearCopy: 0.6 }));
  for (const { examples, further } of [...DOCUMENTS, ...noisy]) {
    expect([...examples, ...further.map(({ chainText }) => chainText)].filter((chain) => heldOut.has(chain))).toEqual(
      [],
    );
  }
});

test("noise comes at its shares: copies, near copies, neighbouring levels, worksheets", () => {
  for (let seed = 0; seed < 10; seed++) {
    const copies = documentOf(seed, { ...CLEAN, copy: 1 });
    expect(copies.further.every(({ chainText }) => copies.examples.includes(chainText))).toBe(true);
    const strays = documentOf(seed, { ...CLEAN, neighbourLevel: 1 });
    if (strays.level < 3) expect(strays.further.some(({ level }) => level === strays.level)).toBe(false);
    const worksheet = documentOf(seed, { ...CLEAN, worksheet: 1 });
    const operators = worksheet.further.flatMap(({ chain }) => chain.steps.map(({ operator }) => operator));
    expect(new Set(operators).size).toBe(1);
  }
});

test("what is not a sum of the world is not read", () => {
  const prompts = readProblems("37+5?37+?5-2?ann has 37, gets 5?99-1-2?61+1").map(({ prompt }) => prompt);
  expect(prompts).toEqual(["37+5?", "99-1-2?"]);
});

test("a problem has the lowest level that can draw it, or none", () => {
  const levels = readProblems("37+3?37+4?37+4-4?37+7-1-1-1?37+8-1-1-1?37+1-1-1-1-1?").map(({ level }) => level);
  expect(levels).toEqual([1, null, 2, 4, 5, null]);
});

test("quality counts what it says", () => {
  const examples = "37+1?50-2?";
  const set = {
    arm: "fixed",
    draw: 1,
    level: 1,
    calls: [{ examples, text: "37+1?37+2?37+2?99+9?12+3-1?+?" }],
  } as const;
  const quality = setQuality(set, 10);
  expect(quality.valid).toBe(4 / 10); // 99+9 is of no level, "+" of nothing
  expect(quality.onLevel).toBe(3 / 10);
  expect(quality.duplicates).toBe(1 / 5);
  expect(quality.copies).toBe(1 / 5);
  expect(quality.nearCopies).toBe(2 / 5); // 37+2, twice
  expect(quality.topics).toBeCloseTo(topicSpread(readProblems("37+1?37+2?37+2?99+9?12+3-1?").map((p) => p.chain)) ?? 0);
});

test("overlap is with the chains of evaluation problems in whatever form", () => {
  const held = [...heldOutChains().keys()].filter((chain) => chain.length === 4).slice(0, 2);
  const calls = [{ examples: "", text: `${held.join("?")}?` }];
  expect(setQuality({ arm: "rule", draw: 1, level: 1, calls }, 2)).toMatchObject({ evaluation: 1, kept: 0, copies: 0 });
});

test("sub-topics are direction, passing 0 or 99, and the quarter of the start", () => {
  const topics = readProblems("98+3?98-3+1?01-2?").map(({ chain }) => topicOf(chain));
  expect(topics).toEqual([
    "only adds, passes, quarter 4",
    "both, stays, quarter 4",
    "only subtracts, passes, quarter 1",
  ]);
  expect(topicSpread(readProblems("98+3?97+3?").map(({ chain }) => chain))).toBeCloseTo(1);
  expect(topicSpread(readProblems("98+3?01-2?").map(({ chain }) => chain))).toBeCloseTo(2);
  expect(topicSpread([])).toBeNull();
});

test("answered problems lie evenly over the readable ones, or are all of them", () => {
  const text = Array.from({ length: 20 }, (_, index) => `${10 + index}+1?`).join("");
  const prompts = (count: number) => answeredProblems({ calls: [{ examples: "", text }] }, count).map((p) => p.prompt);
  expect(prompts(4)).toEqual(["10+1?", "15+1?", "20+1?", "25+1?"]);
  expect(prompts(50)).toHaveLength(20);
});

test("a generator is trained and asked in the same bits again; its key follows its settings", async () => {
  const request = {
    ...requestOf("smoke"),
    generator: {
      ...generator,
      hiddenSize: 16,
      layers: 1,
      intermediateSize: 32,
      steps: 3,
      batchSize: 2,
      warmupSteps: 1,
    },
    generation: { draws: 1, callsPerSet: 2, temperature: 1 },
    bases: { tiers: [], baseSeeds: [] },
  };
  const first = await makeGeneratedProblems(request);
  expect(await makeGeneratedProblems(request)).toEqual(first);
  expect(first.sets).toHaveLength(15);
  const other = await makeGeneratedProblems({ ...request, generator: { ...request.generator, steps: 2 } });
  expect(other.key).not.toBe(first.key);
  const [rule, refreshed, fixed] = first.sets;
  expect(refreshed.calls.map(({ examples }) => examples)).toEqual(rule.calls.map(({ examples }) => examples));
  expect(new Set(refreshed.calls.map(({ examples }) => examples)).size).toBe(2);
  expect(new Set(fixed.calls.map(({ examples }) => examples)).size).toBe(1);
});
