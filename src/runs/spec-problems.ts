import type { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import { runSpecSchema } from "./run-spec-schema.ts";

type Path = readonly PropertyKey[];

const TYPES: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
};

const UNITS: Readonly<Record<string, string>> = { array: " items", string: " characters" };

/** One of zod's findings about a spec as `place: what is wrong, got X, expected Y`, one line per unknown field. */
export function describeIssue(issue: z.core.$ZodIssue, spec: unknown): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => describeUnknownField(issue.path, name));
  const value = valueAt(spec, issue.path);
  const [wrong, expected] = explain(issue, value);
  return [`${placeOf(issue.path) || "spec"}: ${wrong}, got ${show(value)}, expected ${expected}`];
}

function explain(issue: z.core.$ZodIssue, value: unknown): readonly [wrong: string, expected: string] {
  switch (issue.code) {
    case "invalid_type":
      return ["wrong type", TYPES[issue.expected] ?? issue.expected];
    case "invalid_value": {
      const meant = typeof value === "string" ? nearestName(value, issue.values.map(String)) : undefined;
      const hint = meant === undefined ? "" : `; did you mean ${show(meant)}?`;
      return ["unknown value", `${issue.values.map(show).join(" or ")}${hint}`];
    }
    case "too_small": {
      const bound = issue.inclusive ? "at least" : "more than";
      return ["too small", `${bound} ${issue.minimum}${UNITS[issue.origin] ?? ""}`];
    }
    case "too_big": {
      const bound = issue.inclusive ? "at most" : "less than";
      return ["too large", `${bound} ${issue.maximum}${UNITS[issue.origin] ?? ""}`];
    }
    default:
      return [issue.code, issue.message];
  }
}

/** Says which known field was probably meant: a similar name at this place, or the same name at another. */
function describeUnknownField(parent: Path, name: string): string {
  const place = placeOf(parent);
  const beside = KNOWN_FIELDS.filter((field) => placeOf(field.slice(0, -1)) === place).map(
    (field) => field[field.length - 1],
  );
  const similar = nearestName(name, beside);
  const meant = similar === undefined ? KNOWN_FIELDS.find((field) => field.at(-1) === name) : [...parent, similar];
  const hint = meant === undefined ? "" : `; did you mean ${placeOf(meant)}?`;
  return `${placeOf([...parent, name])}: unknown field, expected one of ${beside.join(", ")}${hint}`;
}

const KNOWN_FIELDS: readonly (readonly string[])[] = Object.entries(runSpecSchema.shape).flatMap(([name, field]) => [
  [name],
  ...("shape" in field ? Object.keys(field.shape).map((inner) => [name, inner]) : []),
]);

function placeOf(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const part of path) inner = Array.isArray(inner) || isRecord(inner) ? Reflect.get(inner, part) : undefined;
  return inner;
}

/** A value as short text for a message, NaN and infinities as such. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  const text: string = JSON.stringify(value) ?? `a ${typeof value}`;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
