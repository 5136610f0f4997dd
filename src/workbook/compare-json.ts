import { type ComparisonRules, type Difference, isWithin, withoutVolatile } from "./comparison-rules.ts";

const ABSENT = "nothing";
const MOST_CHARACTERS = 200;

/** Every place where two JSON values differ, numbers within the tolerance aside; `nameOf` words a path. */
export function compareJson(
  expected: unknown,
  found: unknown,
  rules: ComparisonRules,
  nameOf: (path: readonly string[]) => string,
): Difference[] {
  const differences: Difference[] = [];
  const compare = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (typeof a === "number" && typeof b === "number" && isWithin(a, b, rules.tolerance)) return;
    if (typeof a === "string" && typeof b === "string" && withoutVolatile(a, rules) === withoutVolatile(b, rules))
      return;
    if (isNode(a) && isNode(b) && Array.isArray(a) === Array.isArray(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(a[key], b[key], [...path, key]);
      return;
    }
    if (a === b) return;
    differences.push({ what: nameOf(path), expected: inShort(a), found: inShort(b) });
  };
  compare(expected, found, []);
  return differences;
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function inShort(value: unknown): string {
  if (value === undefined) return ABSENT;
  const text = JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
