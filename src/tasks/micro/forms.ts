// One chain, four ways to ask for it. A form changes what a model must read, never what it must work out:
//   sum      37+5-2?
//   story    ann has 37, gets 5, loses 2?
//   choice   37+5-2 01)32 02)40 03)41 04)42?          the answer is the label, 02
//   program  a=37;b=5;a+=b;a-=2;print(a)?
// Names, verbs, wrong choices and the use of b are drawn at random; wrong choices lie 1 to 9 from the right value.
import { LabelfreeError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { type Chain, formatChain, formatValue, type Step, valuesAlong } from "./chain.ts";
import { CHOICE_LABELS, STORY_GAINS, STORY_LOSSES, STORY_STARTS } from "./vocabulary.ts";
import type { Form, WorldSettings } from "./world.ts";

/** What a prompt asks: a chain, and for a choice the values to choose from. */
export interface Question {
  readonly form: Form;
  readonly chain: Chain;
  readonly choices: readonly string[] | null;
}

const FARTHEST_CHOICE = 9;

/** The prompt of a chain in a form. */
export function writePrompt(form: Form, chain: Chain, random: Random, world: WorldSettings): string {
  switch (form) {
    case "sum":
      return `${formatChain(chain, world)}?`;
    case "story":
      return writeStory(chain, random, world);
    case "choice":
      return writeChoice(chain, random, world);
    case "program":
      return writeProgram(chain, random, world);
  }
}

/** What a prompt asks; throws `tasks/not-a-prompt`. */
export function readPrompt(prompt: string, world: WorldSettings): Question {
  const value = `(\\d{${world.answerWidth}})`;
  const question =
    readSum(prompt, value) ?? readStory(prompt, value) ?? readChoice(prompt, value) ?? readProgram(prompt, value);
  if (question !== undefined && isPossible(question, world)) return question;
  const example = `${formatValue(37 % world.modulus, world)}+5?`;
  throw new LabelfreeError(
    "tasks/not-a-prompt",
    `readPrompt: not a prompt, got ${JSON.stringify(prompt)}, expected a value of ${world.answerWidth} digits ` +
      `below ${world.modulus}, steps and "?", as in "${example}"`,
    { fields: { prompt } },
  );
}

/** The right answer to a question, zero-padded: the last value, or its label. */
export function answerTo({ chain, choices }: Question, world: WorldSettings): string {
  const value = formatValue(valuesAlong(chain, world)[chain.steps.length], world);
  return choices === null ? value : formatValue(choices.indexOf(value) + 1, world);
}

function writeStory({ start, steps }: Chain, random: Random, world: WorldSettings): string {
  const beginning = `${random.pick(STORY_STARTS)}${formatValue(start, world)}`;
  const events = steps.map(({ operator, operand }) => {
    return `${random.pick(operator === "+" ? STORY_GAINS : STORY_LOSSES)}${operand}`;
  });
  return `${beginning}${events.join("")}?`;
}

function writeChoice(chain: Chain, random: Random, world: WorldSettings): string {
  const right = valuesAlong(chain, world)[chain.steps.length];
  const near = random.shuffle(
    Array.from({ length: FARTHEST_CHOICE }, (_, index) => index + 1).flatMap((offset) => [offset, -offset]),
  );
  const values = [right];
  for (const offset of near) {
    const value = (right + offset + world.modulus) % world.modulus;
    if (values.length < CHOICE_LABELS.length && !values.includes(value)) values.push(value);
  }
  const choices = random.shuffle(values).map((value, index) => `${CHOICE_LABELS[index]}${formatValue(value, world)}`);
  return `${formatChain(chain, world)}${choices.join("")}?`;
}

function writeProgram({ start, steps }: Chain, random: Random, world: WorldSettings): string {
  const inVariable = random.integer(2) === 0 ? null : random.integer(steps.length);
  const definition = inVariable === null ? "" : `b=${steps[inVariable].operand};`;
  const statements = steps.map(({ operator, operand }, index) => {
    return `a${operator}=${index === inVariable ? "b" : operand};`;
  });
  return `a=${formatValue(start, world)};${definition}${statements.join("")}print(a)?`;
}

function readSum(prompt: string, value: string): Question | undefined {
  const match = new RegExp(`^${value}((?:[+-][1-9])+)\\?$`).exec(prompt);
  if (match === null) return undefined;
  return { form: "sum", chain: { start: Number(match[1]), steps: readSteps(match[2]) }, choices: null };
}

function readStory(prompt: string, value: string): Question | undefined {
  const beginning = STORY_STARTS.find((words) => prompt.startsWith(words));
  if (beginning === undefined) return undefined;
  const verbs = [...STORY_GAINS, ...STORY_LOSSES].join("|");
  const match = new RegExp(`^${value}((?:(?:${verbs})[1-9])+)\\?$`).exec(prompt.slice(beginning.length));
  if (match === null) return undefined;
  const steps = Array.from(match[2].matchAll(/(, [a-z]+ )(\d)/g), ([, verb, operand]): Step => {
    return { operator: STORY_GAINS.some((gain) => gain === verb) ? "+" : "-", operand: Number(operand) };
  });
  return { form: "story", chain: { start: Number(match[1]), steps }, choices: null };
}

function readChoice(prompt: string, value: string): Question | undefined {
  const choices = [1, 2, 3, 4].map((label) => ` 0${label}\\)${value}`).join("");
  const match = new RegExp(`^${value}((?:[+-][1-9])+)${choices}\\?$`).exec(prompt);
  if (match === null) return undefined;
  const [, start, steps, ...values] = match;
  return { form: "choice", chain: { start: Number(start), steps: readSteps(steps) }, choices: values };
}

function readProgram(prompt: string, value: string): Question | undefined {
  const match = new RegExp(`^a=${value};(?:b=([1-9]);)?((?:a[+-]=[1-9b];)+)print\\(a\\)\\?$`).exec(prompt);
  if (match === null) return undefined;
  const [, start, b, statements] = match;
  if (statements.split("b").length - 1 !== (b === undefined ? 0 : 1)) return undefined;
  const steps = readSteps(statements.replaceAll("b", b ?? "").replaceAll(/[a=;]/g, ""));
  return { form: "program", chain: { start: Number(start), steps }, choices: null };
}

/** The steps in a text such as `+5-2`. */
function readSteps(text: string): Step[] {
  return Array.from(text.matchAll(/([+-])(\d)/g), ([, operator, operand]): Step => {
    return { operator: operator === "+" ? "+" : "-", operand: Number(operand) };
  });
}

/** Whether the world has such values, and a choice holds the right one among distinct ones. */
function isPossible({ chain, choices }: Question, world: WorldSettings): boolean {
  if (chain.start >= world.modulus) return false;
  if (choices === null) return true;
  const right = formatValue(valuesAlong(chain, world)[chain.steps.length], world);
  const arePossible = choices.every((value) => Number(value) < world.modulus);
  return arePossible && choices.includes(right) && new Set(choices).size === choices.length;
}
