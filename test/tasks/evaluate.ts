// An evaluator of all four forms of a problem that shares no code with the world: a sum is read character by character, a
// story word by word, and a program is run.

export interface Evaluated {
  readonly form: "sum" | "story" | "choice" | "program";
  /** What is asked, as `37+5-2`. */
  readonly chain: string;
  readonly value: number;
  /** The values to choose from, by label; empty for other forms. */
  readonly choices: readonly number[];
  /** The value, or for a choice its label. */
  readonly answer: number;
  /** How many steps of a program use b; 0 for other forms. */
  readonly usesOfB: number;
}

/** Works out a well-formed prompt of any form. */
export function evaluatePrompt(prompt: string, modulus: number): Evaluated {
  const text = prompt.slice(0, -1);
  if (text.startsWith("a=")) return run(text, modulus);
  if (text.includes(" has ")) return tell(text, modulus);
  const [chain, ...choices] = text.split(" ");
  const value = evaluate(chain, modulus);
  if (choices.length === 0) return { form: "sum", chain, value, choices: [], answer: value, usesOfB: 0 };
  const labelled = new Map(choices.map((choice) => [Number(choice.split(")")[1]), Number(choice.split(")")[0])]));
  const answer = labelled.get(value) ?? Number.NaN;
  return { form: "choice", chain, value, choices: [...labelled.keys()], answer, usesOfB: 0 };
}

/** The value of `37+5-2` (a chain without its `?`). */
export function evaluate(chain: string, modulus: number): number {
  let value = 0;
  let sign = 1;
  let number = "";
  for (const character of `${chain}+`) {
    if (character >= "0" && character <= "9") {
      number += character;
      continue;
    }
    value += sign * Number.parseInt(number, 10);
    sign = character === "-" ? -1 : 1;
    number = "";
  }
  while (value < 0) value += modulus;
  while (value >= modulus) value -= modulus;
  return value;
}

const SIGNS: Readonly<Record<string, string>> = { gets: "+", finds: "+", wins: "+", loses: "-", eats: "-", gives: "-" };

function tell(text: string, modulus: number): Evaluated {
  const [, , start, ...words] = text.replaceAll(",", "").split(" ");
  let chain = start;
  for (const word of words) chain += SIGNS[word] ?? word;
  const value = evaluate(chain, modulus);
  return { form: "story", chain, value, choices: [], answer: value, usesOfB: 0 };
}

function run(text: string, modulus: number): Evaluated {
  const variables = new Map<string, string>();
  let chain = "";
  let usesOfB = 0;
  for (const statement of text.split(";")) {
    const [target, amount] = statement.split("=");
    if (target === "print(a)") break;
    if (target === "b") variables.set("b", amount);
    else if (target === "a") chain = amount;
    else chain += `${target[1]}${variables.get(amount) ?? amount}`;
    if (amount === "b") usesOfB += 1;
  }
  const value = evaluate(chain, modulus);
  return { form: "program", chain, value, choices: [], answer: value, usesOfB };
}
