// What every problem asks: a start value and k steps, each + or - an operand of 1 to R, worked left to right modulo 100.
// Levels differ only in k and R: facts are shared across levels, so that skill on easy problems transfers to hard ones.
import type { Random } from "../../core/random.ts";
import { ofLevel, type WorldSettings } from "./world.ts";

export interface Step {
  readonly operator: "+" | "-";
  readonly operand: number;
}

export interface Chain {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** A random chain of a level (1 to 5). */
export function drawChain(level: number, random: Random, world: WorldSettings): Chain {
  const range = ofLevel(world.operandRanges, level);
  const start = random.integer(world.modulus);
  const steps = Array.from({ length: ofLevel(world.chainLengths, level) }, (): Step => {
    const operator = random.integer(2) === 0 ? "+" : "-";
    return { operator, operand: 1 + random.integer(range) };
  });
  return { start, steps };
}

/** A chain as `37+5-2`: equal texts are equal chains, whatever form a problem writes them in. */
export function formatChain({ start, steps }: Chain, world: WorldSettings): string {
  return `${formatValue(start, world)}${steps.map(({ operator, operand }) => `${operator}${operand}`).join("")}`;
}

/** The number of distinct chains of a level: modulus * (2 R)^k. */
export function chainSpace(level: number, world: WorldSettings): number {
  const choices = 2 * ofLevel(world.operandRanges, level);
  let space = world.modulus;
  for (let step = 0; step < ofLevel(world.chainLengths, level); step++) space *= choices;
  return space;
}

/** Whether a level can draw this chain; one chain may belong to two levels of equal length. */
export function isOfLevel({ steps }: Chain, level: number, world: WorldSettings): boolean {
  const range = ofLevel(world.operandRanges, level);
  return steps.length === ofLevel(world.chainLengths, level) && steps.every((step) => step.operand <= range);
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

/** A value as zero-padded digits of the world's answer width. */
export function formatValue(value: number, world: Pick<WorldSettings, "answerWidth">): string {
  return String(value).padStart(world.answerWidth, "0");
}
