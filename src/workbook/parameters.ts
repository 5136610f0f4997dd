// Parameters as papermill has them (https://papermill.readthedocs.io/en/latest/usage-parameterize.html): the cell tagged
// `parameters` declares names and usual values, and a cell tagged `injected-parameters` after it sets others. Where we
// differ: a name that the cell does not declare, or a value of another type than the declared one, is an error.

import { LabelfreeError } from "../core/errors.ts";
import { type Cell, type CodeCell, isCode, type Notebook, tagsOf } from "./notebook.ts";
import { type DeclaredParameter, declaredParameters, type ParameterType } from "./declared-parameters.ts";

export type ParameterValue = null | boolean | number | string | readonly ParameterValue[] | ParameterObject;
interface ParameterObject {
  readonly [name: string]: ParameterValue;
}

/** Texts as given on the command line, by name. */
export type GivenParameters = Readonly<Record<string, string>>;

const INJECTED_TAG = "injected-parameters";
const PARAMETERS_TAG = "parameters";

/**
 * The notebook with an injected cell for the given values; the one of an earlier run is replaced.
 * @throws LabelfreeError `notebook/no-parameters`, `notebook/unknown-parameter` or `notebook/parameter-type`.
 */
export function injectParameters(
  notebook: Notebook,
  given: GivenParameters,
  language: string,
  place: string,
): Notebook {
  if (Object.keys(given).length === 0) return notebook;
  const others = withoutInjected(notebook.cells);
  const at = others.findIndex((cell) => isCode(cell) && tagsOf(cell).includes(PARAMETERS_TAG));
  if (at < 0) {
    const message = `${place}: got --param, expected a code cell with the tag "${PARAMETERS_TAG}"; tag the one with the usual values`;
    throw new LabelfreeError("notebook/no-parameters", message, { fields: { place } });
  }
  const declared = declaredParameters(others[at].source, language, place);
  const lines = Object.entries(given).map(([name, text]) => {
    const parameter = declared.find((each) => each.name === name);
    if (parameter === undefined) throw unknownParameter(name, declared, place);
    return assignment(parameter, toValue(parameter, text, place), language);
  });
  const cell: CodeCell = {
    cell_type: "code",
    id: freeId(INJECTED_TAG, others),
    metadata: { tags: [INJECTED_TAG] },
    source: [language === "python" ? "# Parameters" : "// Parameters", ...lines].join("\n"),
    execution_count: null,
    outputs: [],
  };
  return { ...notebook, cells: [...others.slice(0, at + 1), cell, ...others.slice(at + 1)] };
}

/** The cells but for those that a run has injected. */
export function withoutInjected(cells: readonly Cell[]): readonly Cell[] {
  return cells.filter((cell) => !tagsOf(cell).includes(INJECTED_TAG));
}

/** JSON where it is JSON, else the text itself; always the text for what is declared as one, unless it is in quotes. */
function toValue({ name, type, declaration }: DeclaredParameter, text: string, place: string): ParameterValue {
  const parsed = parseJson(text);
  const value = parsed === undefined || (type.kind === "string" && typeof parsed !== "string") ? text : parsed;
  if (accepts(type, value)) return value;
  const got = `${JSON.stringify(value)}, ${kindOf(value)}`;
  const message = `${place}, --param ${name}: got ${got}, expected ${describeType(type)} as in \`${declaration}\``;
  throw new LabelfreeError("notebook/parameter-type", message, { fields: { name, value } });
}

function accepts(type: ParameterType, value: ParameterValue): boolean {
  if (type.kind === "any") return true;
  if (type.kind === "one-of") return type.values.some((one) => one === value);
  return kindOf(value) === type.kind;
}

function describeType(type: ParameterType): string {
  return type.kind === "one-of" ? `one of ${type.values.map((value) => JSON.stringify(value)).join(", ")}` : type.kind;
}

function kindOf(value: ParameterValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function parseJson(text: string): ParameterValue | undefined {
  try {
    return JSON.parse(text) as ParameterValue;
  } catch {
    return undefined;
  }
}

function assignment({ name, annotation }: DeclaredParameter, value: ParameterValue, language: string): string {
  if (language === "python") return `${name} = ${pythonLiteral(value)}`;
  return `let ${name}${annotation === undefined ? "" : `: ${annotation}`} = ${typescriptLiteral(value)};`;
}

function typescriptLiteral(value: ParameterValue): string {
  return JSON.stringify(value).replaceAll('"__proto__":', '["__proto__"]:');
}

function pythonLiteral(value: ParameterValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${pythonLiteral(member)}`)
    .join(", ")}}`;
}

function unknownParameter(name: string, declared: readonly DeclaredParameter[], place: string): LabelfreeError {
  const known = declared.length === 0 ? "none" : declared.map((each) => each.name).join(", ");
  const message = `${place}, --param ${name}: the parameters cell declares no such name, expected one of ${known}`;
  return new LabelfreeError("notebook/unknown-parameter", message, { fields: { name } });
}

function freeId(wanted: string, cells: readonly Cell[]): string {
  const taken = new Set(cells.map(({ id }) => id));
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? wanted : `${wanted}-${copy}`;
    if (!taken.has(id)) return id;
  }
}
