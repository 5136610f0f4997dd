// The worked solution of a prompt: one equation per step, joined by ";", then "#" and the answer. The checked form goes
// on from the result by the reverse operations; it costs tokens and pays only for a model that knows its facts.
import { formatValue, parsePrompt, valuesAlong } from "./problem.ts";
import { MICRO_WORLD, type WorldSettings } from "./world.ts";

/** `37+5=42#42`, or `37+5=42;42-3=39#39` for a longer chain; throws `tasks/not-a-prompt`. */
export function chainOfThought(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  return workedSolution(prompt, 0, world);
}

/** `37+5=42;42-5=37#42`: the last `world.checkedSteps` steps walked back; throws `tasks/not-a-prompt`. */
export function checkedChainOfThought(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  return workedSolution(prompt, world.checkedSteps, world);
}

function workedSolution(prompt: string, checkedSteps: number, world: WorldSettings): string {
  const chain = parsePrompt(prompt, world);
  const values = valuesAlong(chain, world).map((value) => formatValue(value, world));
  const forward = chain.steps.map(
    ({ operator, operand }, index) => `${values[index]}${operator}${operand}=${values[index + 1]}`,
  );
  const backward = chain.steps
    .map(({ operator, operand }, index) => {
      return `${values[index + 1]}${operator === "+" ? "-" : "+"}${operand}=${values[index]}`;
    })
    .reverse()
    .slice(0, checkedSteps);
  return `${[...forward, ...backward].join(";")}#${values[values.length - 1]}`;
}
