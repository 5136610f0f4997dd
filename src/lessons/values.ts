// Values of exercises, plain data: compared within rounding, and shown on one line.

const TOLERANCE = 1e-4; // coarser than epsilon's trace in an advantage, finer than any mistake

export function areAlike(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number" && Number.isFinite(a) && Number.isFinite(b)) {
    return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => areAlike(item, b[i]));
  return Object.is(a, b);
}

export function showValue(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return `[${value.map(showValue).join(", ")}]`;
  if (typeof value === "function") return `function ${value.name}`;
  return JSON.stringify(value) ?? String(value);
}
