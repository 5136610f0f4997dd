/** The value of `37+5-2` (a chain without its `?`), read character by character: an evaluator that shares no code. */
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
