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
import { evaluationSets } from "../../src/tasks/micro/evaluation-sets.ts";
import { TIERS } from "../../src/tasks/micro/tiers.ts";
import { BOS, decode, EOS, encode } from "../../src/tasks/micro/vocabulary.ts";
import { FORMS, type Form, LEVELS, MICRO_WORLD, toWorld, type WorldSettings } from "../../src/tasks/micro/world.ts";
import { evaluatePrompt } from "./evaluate.ts";

const ENTRIES = 20_000;
const SIGMAS = 5;
const KNOWLEDGE = [0.4, 0.2, 0.1, 0.05, 0.02];
const FORM_SHARES: Readonly<Record<Form, number>> = { sum: 0.55, story: 0.15, choice: 0.15, program: 0.15 };
const STYLE_SHARES: Readonly<Record<Style, number>> = { chainOfThought: 0.4, direct: 0.4, junk: 0.2, checked: 0 };
const STYLES = ["chainOfThought", "direct", "junk", "checked"] as const;
const VALUES = ["10", "00", "20", "50", "99", "30", "01", "25", "40", "12"];
const LABELS = ["03", "02", "01", "04"];
const HELD_OUT = new Set(
  Object.values(evaluationSets()).flatMap((set) => set.map(({ prompt }) => evaluatePrompt(prompt, 100).chain)),
);

let entries: CorpusEntry[];
let checkedEntries: CorpusEntry[];

beforeAll(() => {
  entries = drawEntries("corpus laws", MICRO_WORLD);
  checkedEntries = drawEntries("checked corpus laws", toWorld(TIERS["xs-checked"].world));
});

function drawEntries(seed: string, world: WorldSettings, count = ENTRIES): CorpusEntry[] {
  const random = Random.fromSeed(seed);
  return Array.from({ length: count }, () => drawCorpusEntry(random, world));
}

/** Expects a count to lie within five standard deviations of a sum of independent draws of these probabilities. */
function expectCount(count: number, probabilities: readonly number[]): void {
  const mean = probabilities.reduce((sum, p) => sum + p, 0);
  const variance = probabilities.reduce((sum, p) => sum + p * (1 - p), 0);
  expect(Math.abs(count - mean)).toBeLessThanOrEqual(SIGMAS * Math.sqrt(variance));
}

function expectShare(all: readonly CorpusEntry[], share: number, holds: (entry: CorpusEntry) => boolean): void {
  expectCount(
    all.filter(holds).length,
    all.map(() => share),
  );
}

/** The guesses of a form, most popular first; that of rank r has weight r^-1.2. */
function guessesOf(form: Form): readonly string[] {
  return form === "choice" ? LABELS : VALUES;
}

function guessProbability(form: Form, guess: string): number {
  const guesses = guessesOf(form);
  const rank = guesses.indexOf(guess);
  const total = guesses.reduce((sum, _, index) => sum + (index + 1) ** -1.2, 0);
  return rank < 0 ? 0 : (rank + 1) ** -1.2 / total;
}

describe("pretraining corpus", () => {
  it.each(FORMS)("holds the form %s in its stated share", (form) => {
    expectShare(entries, FORM_SHARES[form], (entry) => entry.form === form);
    expect(entries.every((entry) => evaluatePrompt(entry.problem.prompt, 100).form === entry.form)).toBe(true);
  });

  it.each(STYLES)("mixes the style %s in its stated share, in every form and level alike", (style) => {
    expectShare(entries, STYLE_SHARES[style], (entry) => entry.style === style);
    for (const form of FORMS) {
      const ofForm = entries.filter((entry) => entry.form === form);
      expectShare(ofForm, STYLE_SHARES[style], (entry) => entry.style === style);
    }
    for (const level of LEVELS) {
      const ofLevel = entries.filter((entry) => entry.problem.level === level);
      expectShare(ofLevel, STYLE_SHARES[style], (entry) => entry.style === style);
    }
  });

  it.each(LEVELS)("draws level %i in its share of 5:4:3:2:1, in every form alike", (level) => {
    for (const form of FORMS) {
      const ofForm = entries.filter((entry) => entry.form === form);
      expectShare(ofForm, (6 - level) / 15, (entry) => entry.problem.level === level);
    }
  });

  it("carries right answers", () => {
    for (const { problem } of [...entries, ...checkedEntries]) {
      expect(Number(problem.answer)).toBe(evaluatePrompt(problem.prompt, 100).answer);
    }
  });

  it("holds only right chains of thought", () => {
    for (const { problem, response } of entries.filter((entry) => entry.style === "chainOfThought")) {
      expect(response).toBe(chainOfThought(problem.prompt));
      expect(response.endsWith(`#${problem.answer}`)).toBe(true);
    }
  });

  it.each(LEVELS)("holds direct answers of level %i that know at the stated rate, or are right by chance", (level) => {
    const direct = entries.filter((entry) => entry.style === "direct" && entry.problem.level === level);
    const knows = KNOWLEDGE[level - 1];
    for (const isChoice of [false, true]) {
      const some = direct.filter((entry) => (entry.form === "choice") === isChoice);
      expectCount(
        some.filter((entry) => entry.response === `#${entry.problem.answer}`).length,
        some.map(({ problem, form }) => knows + (1 - knows) * guessProbability(form, problem.answer)),
      );
    }
  });

  it.each([
    ["values", false, VALUES],
    ["labels of a choice", true, LABELS],
  ] as const)("guesses %s by the power law of popularity where it does not know", (_, isChoice, guesses) => {
    const wrong = entries.filter(({ style, form, problem, response }) => {
      return style === "direct" && (form === "choice") === isChoice && response !== `#${problem.answer}`;
    });
    expect(wrong.length).toBeGreaterThan(isChoice ? 600 : 4000);
    for (const guess of guesses) {
      // A wrong guess is one that is not the answer, so its law is conditional on the answer.
      const probabilities = wrong.map(({ form, problem: { answer } }) => {
        return guess === answer ? 0 : guessProbability(form, guess) / (1 - guessProbability(form, answer));
      });
      expectCount(wrong.filter((entry) => entry.response === `#${guess}`).length, probabilities);
    }
    expect(wrong.every((entry) => (guesses as readonly string[]).includes(entry.response.slice(1)))).toBe(true);
  });

  it("has junk of 4 to 29 characters that uses every character and no word", () => {
    const junk = entries.filter((entry) => entry.style === "junk");
    const lengths = junk.map((entry) => entry.response.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([4, 29]);
    expect(new Set(junk.flatMap((entry) => [...entry.response]))).toEqual(new Set("0123456789+-=;#? "));
  });

  it("never shows the chain of an evaluation problem, in any form, in the world of any tier", () => {
    const worlds = new Set(Object.values(TIERS).map(({ world }) => world));
    const others = [...worlds].flatMap((world, index) => drawEntries(`others ${index}`, toWorld(world), 1000));
    const chains = [...entries, ...checkedEntries, ...others].map(
      ({ problem }) => evaluatePrompt(problem.prompt, 100).chain,
    );
    expect(chains.filter((chain) => HELD_OUT.has(chain))).toEqual([]);
  });

  it("shows every chain of level 1 that is not held out, in several forms", () => {
    const shown = entries.filter((entry) => entry.problem.level === 1);
    const chains = new Set(shown.map(({ problem }) => evaluatePrompt(problem.prompt, 100).chain));
    expect(chains.size).toBe(600 - 186);
    for (const form of FORMS) expect(shown.some((entry) => entry.form === form)).toBe(true);
  });

  it("frames an example as BOS, prompt, response, EOS", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { problem, response } = drawCorpusEntry(Random.fromSeed(seed));
      const ids = pretrainingExample(Random.fromSeed(seed));
      expect([ids[0], ids[ids.length - 1]]).toEqual([BOS, EOS]);
      expect(decode(ids.slice(1, -1))).toBe(`${problem.prompt}${response}`);
      expect(ids).toEqual([BOS, ...encode(problem.prompt), ...encode(response), EOS]);
    }
  });

  it("keeps every response within 52 tokens with its EOS, and every example within 128", () => {
    for (const { problem, response } of [...entries, ...checkedEntries]) {
      const responseTokens = encode(response).length + 1;
      expect(responseTokens).toBeLessThanOrEqual(52);
      expect(1 + encode(problem.prompt).length + responseTokens).toBeLessThanOrEqual(128);
    }
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
});

describe("the corpus of a world", () => {
  it("that checks its work has checked solutions, and of these slips that are mended, in the stated shares", () => {
    const shares = { chainOfThought: 0.2, direct: 0.4, junk: 0.2, checked: 0.2 };
    for (const style of STYLES) expectShare(checkedEntries, shares[style], (entry) => entry.style === style);
    const checked = checkedEntries.filter((entry) => entry.style === "checked");
    const isMended = ({ problem, response }: CorpusEntry) => response !== checkedChainOfThought(problem.prompt);
    expectShare(checked, 0.3, isMended);
    for (const entry of checked) {
      const { problem, response } = entry;
      const steps = chainOfThought(problem.prompt).split(";").length;
      expect(response.split(";").length).toBe(steps + (isMended(entry) ? 2 : 1));
      expect(response.endsWith(`#${problem.answer}`)).toBe(true);
    }
  });

  it("that guesses flatly spreads the guesses of values over all of them, and those of labels too", () => {
    const direct = drawEntries("flat corpus laws", toWorld(TIERS["xs-flat"].world)).filter(
      (entry) => entry.style === "direct",
    );
    for (const [isChoice, count] of [
      [false, 100],
      [true, 4],
    ] as const) {
      const wrong = direct.filter(({ form, problem, response }) => {
        return (form === "choice") === isChoice && response !== `#${problem.answer}`;
      });
      for (let rank = 0; rank < count; rank++) {
        const guess = String(isChoice ? rank + 1 : rank).padStart(2, "0");
        const probabilities = wrong.map(({ problem }) => (problem.answer === guess ? 0 : 1 / (count - 1)));
        expectCount(wrong.filter((entry) => entry.response === `#${guess}`).length, probabilities);
      }
    }
  });

  it("follows its settings", () => {
    const world = toWorld({
      modulus: 1000,
      answerWidth: 3,
      corpusLevelWeights: [0, 0, 1, 0, 0],
      formShares: { sum: 0, story: 0.5, choice: 0.5, program: 0 },
      styleShares: { chainOfThought: 0, direct: 0.5, junk: 0, checked: 0.5 },
      checkedSlips: 0,
      checkedSteps: 2,
      directKnowledge: [0, 0, 0, 0, 0],
      popularGuesses: [7],
      popularLabels: [4],
    });
    for (const { problem, form, style, response } of drawEntries("another world", world, 200)) {
      expect(problem.level).toBe(3);
      expect(["story", "choice"]).toContain(form);
      expect(["direct", "checked"]).toContain(style);
      const guess = form === "choice" ? "#004" : "#007";
      expect(response).toBe(style === "direct" ? guess : checkedChainOfThought(problem.prompt, world));
    }
  });

  it("leaves the default world unchanged when another one is made", () => {
    toWorld({ modulus: 50, popularGuesses: [1] });
    expect([MICRO_WORLD.modulus, MICRO_WORLD.popularGuesses.length]).toEqual([100, 10]);
  });
});
