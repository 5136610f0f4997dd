import { InvalidArgumentError } from "commander";

/** Reads an option's value as a whole number from `min` to `max`. */
export function integerOption(min: number, max: number): (text: string) => number {
  return numberOption(`a whole number from ${min} to ${max}`, (n) => Number.isInteger(n) && n >= min && n <= max);
}

/** Reads an option's value as a number that `accepts` takes; `expected` says which those are. */
export function numberOption(expected: string, accepts: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value) && accepts(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}
