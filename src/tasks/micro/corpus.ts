// The pretraining mixture. It gives a model several ways to respond to one prompt: a chain of thought (right), a direct
// answer (mostly a popular guess) and junk, so that reinforcement learning has styles to select from, as it has in real
// models. Chains of evaluation problems are never drawn. A guess is blind to the problem.
import { pow } from "../../core/exact-math.ts";
import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { drawChain, formatChain, formatValue } from "./chain.ts";
import { chainOfThought, checkedChainOfThought, mendedChainOfThought } from "./chain-of-thought.ts";
import { heldOutChains } from "./evaluation-sets.ts";
import { toProblem } from "./problem.ts";
import { BOS, CHARACTER_COUNT, EOS, encode, VOCABULARY } from "./vocabulary.ts";
import { type Form, FORMS, LEVELS, MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

export type Style = keyof WorldSettings["styleShares"];

export interface CorpusEntry {
  readonly problem: Problem;
  readonly form: Form;
  readonly style: Style;
  readonly response: string;
}

const STYLES: readonly Style[] = ["chainOfThought", "direct", "junk", "checked"];

/** One entry of the pretraining mixture, as text. */
export function drawCorpusEntry(random: Random, world: WorldSettings = MICRO_WORLD): CorpusEntry {
  const form = FORMS[random.weightedIndex(FORMS.map((name) => world.formShares[name]))];
  const problem = drawCorpusProblem(form, random, world);
  const style = STYLES[random.weightedIndex(STYLES.map((name) => world.styleShares[name]))];
  return { problem, form, style, response: respond(problem, form, style, random, world) };
}

/** One pretraining example as token ids: BOS, prompt, response, EOS. */
export function pretrainingExample(random: Random, world: WorldSettings = MICRO_WORLD): number[] {
  const { problem, response } = drawCorpusEntry(random, world);
  return [BOS, ...encode(problem.prompt), ...encode(response), EOS];
}

/** The next `batchSize` pretraining examples of a random stream, of unequal length, not padded. */
export function pretrainingBatch(random: Random, batchSize: number, world: WorldSettings = MICRO_WORLD): number[][] {
  return Array.from({ length: batchSize }, () => pretrainingExample(random, world));
}

function drawCorpusProblem(form: Form, random: Random, world: WorldSettings): Problem {
  const heldOut = heldOutChains(world);
  const level = LEVELS[random.weightedIndex(world.corpusLevelWeights)];
  for (;;) {
    const chain = drawChain(level, random, world);
    if (!heldOut.has(formatChain(chain, world))) return toProblem(chain, level, form, random, world);
  }
}

function respond(problem: Problem, form: Form, style: Style, random: Random, world: WorldSettings): string {
  switch (style) {
    case "chainOfThought":
      return chainOfThought(problem.prompt, world);
    case "checked":
      return random.uniform() < world.checkedSlips
        ? mendedChainOfThought(problem.prompt, random, world)
        : checkedChainOfThought(problem.prompt, world);
    case "direct":
      return directAnswer(problem, form, random, world);
    case "junk":
      return junk(random, world);
  }
}

function directAnswer(problem: Problem, form: Form, random: Random, world: WorldSettings): string {
  if (random.uniform() < ofLevel(world.directKnowledge, problem.level)) return `#${problem.answer}`;
  const guesses = form === "choice" ? world.popularLabels : world.popularGuesses;
  const weights = guesses.map((_, index) => pow(index + 1, -world.guessExponent));
  return `#${formatValue(guesses[random.weightedIndex(weights)], world)}`;
}

function junk(random: Random, { junkLengths: [shortest, longest] }: WorldSettings): string {
  const length = shortest + random.integer(longest - shortest + 1);
  return Array.from({ length }, () => VOCABULARY[random.integer(CHARACTER_COUNT)]).join("");
}
