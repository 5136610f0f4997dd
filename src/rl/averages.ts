/** Mean; null for no values or a mean that is not finite. */
export function meanOf(values: Iterable<number | boolean>): number | null {
  let total = 0;
  let count = 0;
  for (const value of values) {
    total += Number(value);
    count += 1;
  }
  return count === 0 ? null : finiteOrNull(total / count);
}

/** The number, or null where JSON has none for it. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
