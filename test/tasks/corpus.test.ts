import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chainOfThought, checkedChainOfThought } from "../../src/tasks/micro/chain-of-thought.ts";
import {
  type CorpusEntry,
  drawCorpusEntry,
  pretrainingBatch,
  pretrainingExample,
  type Style,
} from "../../src/tasks/micro/corpus.ts";
import { heldOutPrompts } from "../../src/tasks/micro/evaluation-sets.ts";
import { BOS, decode, EOS } from "../../src/tasks/micro/vocabulary.ts";
import { LEVELS, MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";

const ENTRIES = 20_000;
const SIGMAS = 5;
const KNOWLEDGE = [0.4, 0.2, 0.1, 0.05, 0.02];
const GUESSES = ["10", "00", "20", "50", "99", "30", "01", "25", "40", "12"];
const GUESS_WEIGHTS = GUESSES.map((_, index) => (index + 1) ** -1.2);
const GUESS_TOTAL = GUESS_WEIGHTS.reduce((sum, weight) => sum + weight, 0);

let entries: CorpusEntry[];

beforeAll(() => {
  const random = Random.fromSeed("corpus laws");
  entries = Array.from({ length: ENTRIES }, () => drawCorpusEntry(random));
});

/** Expects a count to lie within five standard deviations of a sum of independent draws of these probabilities. */
function expectCount(count: number, probabilities: readonly number[]): void {
  const mean = probabilities.reduce((sum, p) => sum + p, 0);
  const variance = probabilities.reduce((sum, p) => sum + p * (1 - p), 0);
  expect(Math.abs(count - mean)).toBeLessThanOrEqual(SIGMAS * Math.sqrt(variance));
}

function guessProbability(answer: string): number {
  const rank = GUESSES.indexOf(answer);
  return rank < 0 ? 0 : GUESS_WEIGHTS[rank] / GUESS_TOTAL;
}

describe("pretraining corpus", () => {
  it("mixes the styles in their stated shares", () => {
    const shares: Record<Style, number> = { chainOfThought: 0.4, direct: 0.4, junk: 0.2, checked: 0 };
    for (const style of ["chainOfThought", "direct", "junk", "checked"] as const) {
      const count = entries.filter((entry) => entry.style === style).length;
      expectCount(
        count,
        Array.from({ length: ENTRIES }, () => shares[style]),
      );
    }
  });

  it("draws the levels 5:4:3:2:1", () => {
    for (const level of LEVELS) {
      const count = entries.filter((entry) => entry.problem.level === level).length;
      expectCount(
        count,
        Array.from({ length: ENTRIES }, () => (6 - level) / 15),
      );
    }
  });

  it("draws styles and levels independently", () => {
    for (const level of LEVELS) {
      const ofLevel = entries.filter((entry) => entry.problem.level === level);
      const direct = ofLevel.filter((entry) => entry.style === "direct").length;
      expectCount(
        direct,
        Array.from({ length: ofLevel.length }, () => 0.4),
      );
    }
  });

  it("holds only right chains of thought", () => {
    const worked = entries.filter((entry) => entry.style === "chainOfThought");
    for (const { problem, response } of worked) {
      expect(response).toBe(chainOfThought(problem.prompt));
      expect(response.endsWith(`#${problem.answer}`)).toBe(true);
    }
  });

  it.each(LEVELS)("holds direct answers of level %i that know at the stated rate, or are right by chance", (level) => {
    const direct = entries.filter((entry) => entry.style === "direct" && entry.problem.level === level);
    const right = direct.filter((entry) => entry.response === `#${entry.problem.answer}`).length;
    const knows = KNOWLEDGE[level - 1];
    expectCount(
      right,
      direct.map(({ problem }) => knows + (1 - knows) * guessProbability(problem.answer)),
    );
  });

  it("guesses by the power law of popularity where it does not know", () => {
    const wrong = entries.filter(({ style, problem, response }) => {
      return style === "direct" && response !== `#${problem.answer}`;
    });
    expect(wrong.length).toBeGreaterThan(4000);
    for (const guess of GUESSES) {
      const count = wrong.filter((entry) => entry.response === `#${guess}`).length;
      // A wrong guess is one that is not the answer, so its law is conditional on the answer.
      const probabilities = wrong.map(({ problem: { answer } }) => {
        return guess === answer ? 0 : guessProbability(guess) / (1 - guessProbability(answer));
      });
      expectCount(count, probabilities);
    }
    expect(wrong.every((entry) => GUESSES.includes(entry.response.slice(1)))).toBe(true);
  });

  it("has junk of 4 to 29 characters that uses every character", () => {
    const junk = entries.filter((entry) => entry.style === "junk");
    const lengths = junk.map((entry) => entry.response.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([4, 29]);
    expect(new Set(junk.flatMap((entry) => [...entry.response])).size).toBe(17);
  });

  it("never shows an evaluation prompt", () => {
    const heldOut = heldOutPrompts();
    expect(entries.filter((entry) => heldOut.has(entry.problem.prompt))).toEqual([]);
  });

  it("shows every level-1 prompt that is not held out", () => {
    const shown = new Set(entries.filter((entry) => entry.problem.level === 1).map((entry) => entry.problem.prompt));
    expect(shown.size).toBe(600 - 186);
  });

  it("frames an example as BOS, prompt, response, EOS", () => {
    const { problem, response } = drawCorpusEntry(Random.fromSeed(7));
    const ids = pretrainingExample(Random.fromSeed(7));
    expect([ids[0], ids[ids.length - 1]]).toEqual([BOS, EOS]);
    expect(decode(ids.slice(1, -1))).toBe(`${problem.prompt}${response}`);
  });

  it("keeps every example within 48 tokens", () => {
    const longest = Math.max(...entries.map(({ problem, response }) => 2 + problem.prompt.length + response.length));
    expect(longest).toBeLessThanOrEqual(48);
  });

  it("repeats a stream for a seed and resumes it from a state", () => {
    const random = Random.fromSeed(3);
    const first = pretrainingBatch(random, 8);
    const resumed = Random.fromState(random.state());
    const second = pretrainingBatch(random, 8);
    expect(pretrainingBatch(Random.fromSeed(3), 16)).toEqual([...first, ...second]);
    expect(pretrainingBatch(resumed, 8)).toEqual(second);
    expect(pretrainingBatch(Random.fromSeed(4), 8)).not.toEqual(first);
  });

  it("follows the settings of another world", () => {
    const world = toWorld({
      modulus: 1000,
      answerWidth: 3,
      corpusLevelWeights: [0, 0, 1, 0, 0],
      styleShares: { chainOfThought: 0, direct: 0.5, junk: 0, checked: 0.5 },
      directKnowledge: [0, 0, 0, 0, 0],
      popularGuesses: [7],
    });
    const random = Random.fromSeed("another world");
    for (let index = 0; index < 200; index++) {
      const { problem, style, response } = drawCorpusEntry(random, world);
      expect(problem.level).toBe(3);
      expect(["direct", "checked"]).toContain(style);
      expect(response).toBe(style === "direct" ? "#007" : checkedChainOfThought(problem.prompt, world));
    }
  });

  it("leaves the default world unchanged when another one is made", () => {
    toWorld({ modulus: 50, popularGuesses: [1] });
    expect([MICRO_WORLD.modulus, MICRO_WORLD.popularGuesses.length]).toEqual([100, 10]);
  });
});
