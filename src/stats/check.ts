import { LabelfreeError } from "../core/errors.ts";

/** Throws `stats/invalid` unless all values are finite numbers and there are at least `minimum` of them. */
export function checkValues(place: string, values: readonly number[], minimum = 1): void {
  if (values.length < minimum) {
    throw new LabelfreeError("stats/too-few", `${place}: got ${values.length} values, expected at least ${minimum}`);
  }
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw invalid(place, `${values[index]} at ${index}`, "a finite number");
}

/** Throws `stats/invalid` unless the value is an integer in [low, high]. */
export function checkInteger(place: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw invalid(place, String(value), `an integer from ${low} to ${high}`);
}

export function invalid(place: string, got: string, expected: string): LabelfreeError {
  return new LabelfreeError("stats/invalid", `${place}: got ${got}, expected ${expected}`);
}
