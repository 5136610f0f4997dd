// A problem is a start value and k steps, each + or - an operand of 1 to R, worked left to right modulo 100. Levels
// differ only in k and R: facts are shared across levels, so that skill on easy problems transfers to hard ones.
import { LabelfreeError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import type { Problem } from "../task.ts";
import { MICRO_WORLD, ofLevel, type WorldSettings } from "./world.ts";

export interface Step {
  readonly operator: "+" | "-";
  readonly operand: number;
}

export interface Chain {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** A random problem of a level (1 to 5), marked as not generated; its id depends on the prompt only. */
export function generateProblem(level: number, random: Random, world: WorldSettings = MICRO_WORLD): Problem {
  const range = ofLevel(world.operandRanges, level);
  const start = random.integer(world.modulus);
  const steps = Array.from({ length: ofLevel(world.chainLengths, level) }, (): Step => {
    const operator = random.integer(2) === 0 ? "+" : "-";
    return { operator, operand: 1 + random.integer(range) };
  });
  const chain = `${formatValue(start, world)}${steps.map((step) => `${step.operator}${step.operand}`).join("")}`;
  const prompt = `${chain}?`;
  return { id: `micro:${chain}`, level, prompt, answer: solve(prompt, world), generated: false };
}

/** The number of distinct prompts of a level: modulus * (2 R)^k. */
export function problemSpace(level: number, world: WorldSettings = MICRO_WORLD): number {
  const choices = 2 * ofLevel(world.operandRanges, level);
  let space = world.modulus;
  for (let step = 0; step < ofLevel(world.chainLengths, level); step++) space *= choices;
  return space;
}

/** Whether a level can draw this prompt; one prompt may belong to two levels of equal chain length. */
export function belongsToLevel(prompt: string, level: number, world: WorldSettings = MICRO_WORLD): boolean {
  const { steps } = parsePrompt(prompt, world);
  const range = ofLevel(world.operandRanges, level);
  return steps.length === ofLevel(world.chainLengths, level) && steps.every((step) => step.operand <= range);
}

/** The answer of a prompt such as `37+5-2?`, zero-padded; throws `tasks/not-a-prompt`. */
export function solve(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  const chain = parsePrompt(prompt, world);
  return formatValue(valuesAlong(chain, world)[chain.steps.length], world);
}

/** The start value and the value after each step (k + 1 values). */
export function valuesAlong({ start, steps }: Chain, { modulus }: WorldSettings): number[] {
  const values = [start];
  for (const { operator, operand } of steps) {
    const value = values[values.length - 1] + (operator === "+" ? operand : -operand);
    values.push(((value % modulus) + modulus) % modulus);
  }
  return values;
}

/** The chain that a prompt states; throws `tasks/not-a-prompt`. */
export function parsePrompt(prompt: string, world: WorldSettings = MICRO_WORLD): Chain {
  const match = /^(\d+)((?:[+-]\d)+)\?$/.exec(prompt);
  const start = match === null ? Number.NaN : Number(match[1]);
  if (match === null || match[1].length !== world.answerWidth || start >= world.modulus) {
    throw new LabelfreeError(
      "tasks/not-a-prompt",
      `parsePrompt: not a prompt, got ${JSON.stringify(prompt)}, expected a value of ${world.answerWidth} digits ` +
        `below ${world.modulus}, steps and "?", as in "${formatValue(37 % world.modulus, world)}+5?"`,
      { fields: { prompt } },
    );
  }
  const steps = Array.from(match[2].matchAll(/([+-])(\d)/g), ([, operator, operand]): Step => {
    return { operator: operator === "+" ? "+" : "-", operand: Number(operand) };
  });
  return { start, steps };
}

/** A value as zero-padded digits of the world's answer width. */
export function formatValue(value: number, world: WorldSettings): string {
  return String(value).padStart(world.answerWidth, "0");
}
