// What a parameters cell declares, read from its text and never run: the type that is written beside the name, or that
// of the literal that it starts with.

import { parseSync } from "oxc-parser";
import { LabelfreeError } from "../core/errors.ts";

export type ParameterType =
  | { readonly kind: "any" | "string" | "number" | "boolean" | "list" | "object" }
  | { readonly kind: "one-of"; readonly values: readonly (string | number | boolean | null)[] };

export interface DeclaredParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** The type's own text. */
  readonly annotation?: string | undefined;
  /** The declaration's text, for messages. */
  readonly declaration: string;
}

/**
 * The names that a parameters cell declares.
 * @throws LabelfreeError `notebook/parameters-cell` for text that does not parse, or in a language that is not known here.
 */
export function declaredParameters(source: string, language: string, place: string): DeclaredParameter[] {
  if (language === "python") return pythonParameters(source);
  if (language === "typescript" || language === "javascript") return typescriptParameters(source, place);
  const message = `${place}: got --param for the language "${language}", expected typescript, javascript or python`;
  throw new LabelfreeError("notebook/parameters-cell", message, { fields: { language } });
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
interface Expression extends Node {
  readonly value?: unknown;
  readonly operator?: string;
  readonly argument?: Expression;
  readonly expression?: Expression;
}
interface TypeNode extends Node {
  readonly types?: readonly TypeNode[];
  readonly literal?: Expression;
}

function typescriptParameters(source: string, place: string): DeclaredParameter[] {
  const { program, errors } = parseSync("cell.ts", source, { sourceType: "module" });
  if (errors.length > 0) {
    const message = `${place}: the parameters cell does not parse, ${errors[0].message}`;
    throw new LabelfreeError("notebook/parameters-cell", message);
  }
  return program.body.flatMap((statement) => {
    if (statement.type !== "VariableDeclaration") return [];
    return statement.declarations.flatMap(({ id, init }) => {
      if (id.type !== "Identifier") return [];
      const written = id.typeAnnotation?.typeAnnotation as TypeNode | undefined;
      const annotation = written && source.slice(written.start, written.end);
      const type = written === undefined ? typeOfLiteral(init as Expression | null) : typeOfAnnotation(written);
      const declaration = source.slice(statement.start, statement.end).split("\n", 1)[0];
      return [{ name: id.name, type, annotation, declaration }];
    });
  });
}

function typeOfAnnotation(node: TypeNode): ParameterType {
  switch (node.type) {
    case "TSStringKeyword":
      return { kind: "string" };
    case "TSNumberKeyword":
      return { kind: "number" };
    case "TSBooleanKeyword":
      return { kind: "boolean" };
    case "TSArrayType":
    case "TSTupleType":
      return { kind: "list" };
    case "TSTypeLiteral":
      return { kind: "object" };
    case "TSLiteralType":
    case "TSUnionType": {
      const values = (node.types ?? [node]).map(literalOf);
      const known = values.filter((value) => value !== undefined);
      return known.length === values.length ? { kind: "one-of", values: known } : { kind: "any" };
    }
    default:
      return { kind: "any" };
  }
}

function literalOf({ type, literal }: TypeNode): string | number | boolean | null | undefined {
  if (type === "TSNullKeyword") return null;
  const value = type === "TSLiteralType" ? literal?.value : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function typeOfLiteral(init: Expression | null): ParameterType {
  switch (init?.type) {
    case "Literal":
      return typeOfValue(init.value);
    case "TemplateLiteral":
      return { kind: "string" };
    case "UnaryExpression":
      return init.operator === "-" || init.operator === "+" ? { kind: "number" } : { kind: "any" };
    case "ArrayExpression":
      return { kind: "list" };
    case "ObjectExpression":
      return { kind: "object" };
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return typeOfLiteral(init.expression ?? null);
    default:
      return { kind: "any" };
  }
}

function typeOfValue(value: unknown): ParameterType {
  const kind = typeof value;
  return kind === "string" || kind === "number" || kind === "boolean" ? { kind } : { kind: "any" };
}

const PYTHON_TYPES: Readonly<Record<string, ParameterType>> = {
  str: { kind: "string" },
  int: { kind: "number" },
  float: { kind: "number" },
  bool: { kind: "boolean" },
  list: { kind: "list" },
  dict: { kind: "object" },
};

function pythonParameters(source: string): DeclaredParameter[] {
  const lines = source.split("\n").flatMap((line) => {
    const match = /^([A-Za-z_]\w*)\s*(?::\s*([^=]+?)\s*)?=(?!=)\s*(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [declaration, name, annotation, value] = match;
    const type = PYTHON_TYPES[/^\w+/.exec(annotation ?? "")?.[0] ?? ""] ?? typeOfPython(value);
    return [{ name, type, declaration }];
  });
  return lines;
}

function typeOfPython(value: string): ParameterType {
  if (/^(True|False)\b/.test(value)) return { kind: "boolean" };
  if (/^[rbf]?["']/.test(value)) return { kind: "string" };
  if (/^[-+]?(\d|\.\d)/.test(value)) return { kind: "number" };
  if (value.startsWith("[")) return { kind: "list" };
  return { kind: value.startsWith("{") ? "object" : "any" };
}
