// Vega draws an empty chart, without an error, for a field that the data lack, for an empty table and for data that do
// not load. It also offers ways to a chart that differs from run to run: random numbers, the clock, time zones, a
// bootstrap of its own. This refuses all of them before anything is drawn.

import { splitAccessPath } from "vega";
import { LabelfreeError } from "../core/errors.ts";

type Node = Readonly<Record<string, unknown>>;
type Rows = readonly Node[];

interface Scope {
  readonly datasets: Node;
  readonly rows: Rows | undefined;
  /** Fields that transforms add. */
  readonly derived: ReadonlySet<string>;
}

/**
 * Checks a Vega-Lite spec and its inline data.
 * @throws LabelfreeError `figure/no-data`, `figure/unknown-field`, `figure/non-finite` or `figure/not-repeatable`.
 */
export function checkSpec(spec: object): void {
  checkView(spec as Node, { datasets: asNode((spec as Node).datasets), rows: undefined, derived: new Set() });
}

const CHILDREN = ["layer", "concat", "hconcat", "vconcat", "spec"];

function checkView(view: Node, outer: Scope): void {
  const scope: Scope = {
    datasets: outer.datasets,
    rows: view.data === undefined ? outer.rows : readRows(view.data, outer.datasets),
    derived: new Set([...outer.derived, ...derivedFields(view.transform)]),
  };
  for (const part of [view.encoding, view.facet, view.transform, view.mark]) checkRepeatable(part);
  const fields = [...fieldsOf(view.encoding), ...fieldsOf(view.facet), ...repeatedFields(view.repeat)];
  if (view.mark !== undefined || fields.length > 0) checkFields(fields, scope);
  for (const key of CHILDREN) {
    for (const child of [view[key]].flat()) if (isNode(child)) checkView(child, scope);
  }
}

function readRows(data: unknown, datasets: Node): Rows | undefined {
  if (data === null) return undefined;
  const { values, name } = asNode(data);
  const rows = values ?? (typeof name === "string" ? datasets[name] : undefined);
  if (!Array.isArray(rows)) throw new LabelfreeError("figure/no-data", "figure data: expected inline values");
  for (const [index, row] of rows.entries()) checkRow(asNode(row), index);
  return rows as Rows;
}

function checkRow(row: Node, index: number): void {
  for (const [field, value] of Object.entries(row)) {
    if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
      const message = `figure data, row ${index}, field ${field}: got ${value}, expected a finite number or null`;
      throw new LabelfreeError("figure/non-finite", message, { fields: { index, field } });
    }
  }
}

function checkFields(fields: readonly string[], scope: Scope): void {
  const { rows, derived } = scope;
  if (rows === undefined) return;
  if (rows.length === 0) throw new LabelfreeError("figure/no-data", "figure data: got no rows, expected at least one");
  for (const field of fields) {
    const [name, ...rest] = splitAccessPath(field);
    if (derived.has(name) || rows.some((row) => valueAt(row, [name, ...rest]) != null)) continue;
    const known = Object.keys(rows[0]).join(", ");
    const message = `figure encoding: got field "${field}" that no row has, expected one of ${known}`;
    throw new LabelfreeError("figure/unknown-field", message, { fields: { field } });
  }
}

function valueAt(row: Node, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isNode(value) ? value[key] : undefined), row);
}

function fieldsOf(encoding: unknown): string[] {
  return [...walk(encoding)].flatMap(([key, value]) => (key === "field" && typeof value === "string" ? [value] : []));
}

function repeatedFields(repeat: unknown): string[] {
  const lists = Array.isArray(repeat)
    ? [repeat]
    : Object.entries(asNode(repeat)).map(([key, value]) => (key === "layer" ? [] : value));
  return lists.flat().filter((field) => typeof field === "string");
}

function derivedFields(transform: unknown): string[] {
  const names = [...walk(transform)].flatMap(([key, value]) => (key === "as" ? [value].flat() : []));
  return [...names, ...([...walk(transform)].some(([key]) => key === "fold") ? ["key", "value"] : [])].map(String);
}

const UNREPEATABLE_CALL = /\b(random|now|sample\w*|datetime|date|day|hours|minutes|time\w*)\s*\(/;

function checkRepeatable(part: unknown): void {
  for (const [key, value] of walk(part)) {
    const reason =
      (key === "type" && value === "temporal" && "a temporal field (it follows the time zone)") ||
      (key === "timeUnit" && "a time unit (it follows the time zone)") ||
      (key === "sample" && "a random sample") ||
      ((key === "aggregate" || key === "op") &&
        /^ci[01]$/.test(String(value)) &&
        "an interval by vega's own bootstrap") ||
      (key === "extent" && value === "ci" && "an interval by vega's own bootstrap") ||
      (typeof value === "string" && UNREPEATABLE_CALL.test(value) && `the expression "${value}"`);
    if (reason === false) continue;
    const message = `figure spec: got ${reason}, expected what gives the same bytes everywhere; compute it in the analysis`;
    throw new LabelfreeError("figure/not-repeatable", message, { fields: { key } });
  }
}

function* walk(value: unknown): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item);
  if (!isNode(value)) return;
  for (const entry of Object.entries(value)) {
    yield entry;
    yield* walk(entry[1]);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asNode(value: unknown): Node {
  return isNode(value) ? value : {};
}
