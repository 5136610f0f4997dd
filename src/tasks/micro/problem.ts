// A problem of the micro world: a chain of a level, written in a form.
import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { type Chain, drawChain } from "./chain.ts";
import { answerTo, readPrompt, writePrompt } from "./forms.ts";
import { type Form, MICRO_WORLD, type WorldSettings } from "./world.ts";

/** A random problem of a level (1 to 5), marked as not generated. */
export function generateProblem(
  level: number,
  random: Random,
  world: WorldSettings = MICRO_WORLD,
  form: Form = "sum",
): Problem {
  return toProblem(drawChain(level, random, world), level, form, random, world);
}

/** A chain as a problem; its id depends on the prompt only, and `random` decides the words of its form. */
export function toProblem(chain: Chain, level: number, form: Form, random: Random, world: WorldSettings): Problem {
  const prompt = writePrompt(form, chain, random, world);
  return { id: `micro:${prompt.slice(0, -1)}`, level, prompt, answer: solve(prompt, world), generated: false };
}

/** The answer of a prompt such as `37+5-2?`, zero-padded; throws `tasks/not-a-prompt`. */
export function solve(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  return answerTo(readPrompt(prompt, world), world);
}
