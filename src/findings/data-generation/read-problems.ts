// How written problems are read: what ends in "?" is one problem. A problem is valid if it is a sum of the world (forms.ts),
// so that it has exactly one right answer, and if some level can draw it; its level by rule is the lowest that can.
import { type Chain, formatChain, isOfLevel } from "../../tasks/micro/chain.ts";
import { readPrompt } from "../../tasks/micro/forms.ts";
import { LEVELS, MICRO_WORLD } from "../../tasks/micro/world.ts";
import { isLabelfreeError } from "../../core/errors.ts";

export interface WrittenProblem {
  readonly prompt: string;
  readonly chain: Chain;
  /** The chain as text: two problems are the same if theirs are. */
  readonly chainText: string;
  /** The lowest level that can draw it; null: none can. */
  readonly level: number | null;
}

/** The problems in a text that ask something; what cannot be read is left out. */
export function readProblems(text: string): WrittenProblem[] {
  const prompts = text.split(/(?<=\?)/).filter((part) => part.endsWith("?"));
  return prompts.flatMap((prompt) => readProblem(prompt) ?? []);
}

function readProblem(prompt: string): WrittenProblem | undefined {
  const chain = chainOf(prompt);
  if (chain === undefined) return undefined;
  const level = LEVELS.find((candidate) => isOfLevel(chain, candidate, MICRO_WORLD)) ?? null;
  return { prompt, chain, chainText: formatChain(chain, MICRO_WORLD), level };
}

function chainOf(prompt: string): Chain | undefined {
  try {
    const { form, chain } = readPrompt(prompt, MICRO_WORLD);
    return form === "sum" ? chain : undefined;
  } catch (error) {
    if (isLabelfreeError(error, "tasks/not-a-prompt")) return undefined;
    throw error;
  }
}
