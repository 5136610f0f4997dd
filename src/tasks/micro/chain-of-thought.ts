// The worked solution of a prompt, the same whatever its form: one equation per step, joined by ";", then "#" and the
// answer. The checked style goes on from the result by the reverse operation. Where the last step slipped, the check does
// not come back to where the step began, and the step is worked again: so checking costs tokens, and pays for a model that
// knows its facts well enough to notice.
import type { Random } from "../../core/random.ts";
import { formatValue, type Step, valuesAlong } from "./chain.ts";
import { answerTo, type Question, readPrompt } from "./forms.ts";
import { MICRO_WORLD, type WorldSettings } from "./world.ts";

const LARGEST_SLIP = 9;

/** `37+5=42#42`, or `37+5=42;42-3=39#39` for a longer chain; throws `tasks/not-a-prompt`. */
export function chainOfThought(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  const question = readPrompt(prompt, world);
  return finish(equationsOf(question, world), question, world);
}

/** `37+5=42;42-5=37#42`: the last `world.checkedSteps` steps walked back; throws `tasks/not-a-prompt`. */
export function checkedChainOfThought(prompt: string, world: WorldSettings = MICRO_WORLD): string {
  const question = readPrompt(prompt, world);
  const back = stepsWithEnds(question, world)
    .map(({ from, step, to }) => equation(to, reverse(step), from, world))
    .reverse()
    .slice(0, world.checkedSteps);
  return finish([...equationsOf(question, world), ...back], question, world);
}

/** `37+5=44;44-5=39;37+5=42#42`: the last step slips, its check does not fit, and it is worked again. */
export function mendedChainOfThought(prompt: string, random: Random, world: WorldSettings = MICRO_WORLD): string {
  const question = readPrompt(prompt, world);
  const equations = equationsOf(question, world);
  const { from, step, to } = stepsWithEnds(question, world)[equations.length - 1];
  const slip = (1 + random.integer(LARGEST_SLIP)) * (random.integer(2) === 0 ? 1 : -1);
  const slipped = (to + slip + world.modulus) % world.modulus;
  const [back] = valuesAlong({ start: slipped, steps: [reverse(step)] }, world).slice(1);
  const mended = [equation(from, step, slipped, world), equation(slipped, reverse(step), back, world)];
  return finish([...equations.slice(0, -1), ...mended, ...equations.slice(-1)], question, world);
}

function finish(equations: readonly string[], question: Question, world: WorldSettings): string {
  return `${equations.join(";")}#${answerTo(question, world)}`;
}

function equationsOf(question: Question, world: WorldSettings): string[] {
  return stepsWithEnds(question, world).map(({ from, step, to }) => equation(from, step, to, world));
}

function stepsWithEnds({ chain }: Question, world: WorldSettings): { from: number; step: Step; to: number }[] {
  const values = valuesAlong(chain, world);
  return chain.steps.map((step, index) => ({ from: values[index], step, to: values[index + 1] }));
}

function equation(from: number, { operator, operand }: Step, to: number, world: WorldSettings): string {
  return `${formatValue(from, world)}${operator}${operand}=${formatValue(to, world)}`;
}

function reverse({ operator, operand }: Step): Step {
  return { operator: operator === "+" ? "-" : "+", operand };
}
