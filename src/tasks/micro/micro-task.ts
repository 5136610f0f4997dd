import type { Task } from "../task.ts";
import { extractAnswer, hasFormat } from "./answer.ts";
import { readPrompt } from "./forms.ts";
import { reflects } from "./reflection.ts";
import { BOS, decode, EOS, encode } from "./vocabulary.ts";
import { MICRO_WORLD, type WorldSettings } from "./world.ts";

/** The task of a micro world, as the trainer sees it. */
export function createMicroTask(world: WorldSettings): Task {
  return {
    name: "micro",
    stopIds: [EOS],
    encodePrompt: (problem) => [BOS, ...encode(problem.prompt)],
    decode: (ids) => decode(ids[ids.length - 1] === EOS ? ids.slice(0, -1) : ids),
    extractAnswer: (text, ended) => extractAnswer(text, ended, world),
    isCorrect: (answer, problem) => answer !== null && answer === problem.answer,
    hasFormat: (text, ended) => hasFormat(text, ended, world),
    reflects: (text, { prompt }) => reflects(text, readPrompt(prompt, world).chain.steps.length),
  };
}

/** The task of the default world. */
export const microTask: Task = createMicroTask(MICRO_WORLD);
