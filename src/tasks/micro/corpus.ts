// The pretraining mixture. It gives a model several ways to respond to one prompt: a chain of thought (right), a direct
// answer (mostly a popular guess) and junk, so that reinforcement learning has styles to select from, as it has in real
// models. Evaluation prompts are never drawn. A guess is blind to the problem: it is right in about 1 of 100 cases.
import { pow } from "../../core/exact-math.ts";
import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { chainOfThought, checkedChainOfThought } from "./chain-of-thought.ts";
import { heldOutPrompts } from "./evaluation-sets.ts";
import { formatValue, generateProblem } from "./problem.ts";
import { BOS, CHARACTER_COUNT, EOS, encode, VOCABULARY } from "./vocabulary.ts";
import { LEVELS, MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

export type Style = keyof WorldSettings["styleShares"];

export interface CorpusEntry {
  readonly problem: Problem;
  readonly style: Style;
  readonly response: string;
}

const STYLES: readonly Style[] = ["chainOfThought", "direct", "junk", "checked"];

/** One entry of the pretraining mixture, as text. */
export function drawCorpusEntry(random: Random, world: WorldSettings = MICRO_WORLD): CorpusEntry {
  const problem = drawCorpusProblem(random, world);
  const style = STYLES[random.weightedIndex(STYLES.map((name) => world.styleShares[name]))];
  return { problem, style, response: respond(problem, style, random, world) };
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

function drawCorpusProblem(random: Random, world: WorldSettings): Problem {
  const heldOut = heldOutPrompts(world);
  const level = LEVELS[random.weightedIndex(world.corpusLevelWeights)];
  for (;;) {
    const problem = generateProblem(level, random, world);
    if (!heldOut.has(problem.prompt)) return problem;
  }
}

function respond(problem: Problem, style: Style, random: Random, world: WorldSettings): string {
  if (style === "chainOfThought") return chainOfThought(problem.prompt, world);
  if (style === "checked") return checkedChainOfThought(problem.prompt, world);
  if (style === "direct") return directAnswer(problem, random, world);
  return junk(random, world);
}

function directAnswer(problem: Problem, random: Random, world: WorldSettings): string {
  if (random.uniform() < ofLevel(world.directKnowledge, problem.level)) return `#${problem.answer}`;
  const weights = world.popularGuesses.map((_, index) => pow(index + 1, -world.guessExponent));
  return `#${formatValue(world.popularGuesses[random.weightedIndex(weights)], world)}`;
}

function junk(random: Random, { junkLengths: [shortest, longest] }: WorldSettings): string {
  const length = shortest + random.integer(longest - shortest + 1);
  return Array.from({ length }, () => VOCABULARY[random.integer(CHARACTER_COUNT)]).join("");
}
