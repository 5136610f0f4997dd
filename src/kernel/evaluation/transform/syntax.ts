import { createRequire } from "node:module";
import type * as Parser from "oxc-parser";
import type { Position } from "./position.ts";

/** A node of the syntax tree (ESTree with TypeScript's nodes), as the parser gives it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

export interface ParsedUnit {
  readonly body: readonly Node[];
}

/** Code that cannot be parsed; offsets are into the code. */
export class CodeSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

type Language = "ts" | "tsx" | "js" | "jsx";

const HUGE_PAGES = "MIMALLOC_ALLOW_THP";

let parseSync: typeof Parser.parseSync | undefined;

/** Loads the parser; the first parse does so too. */
export function loadParser(): void {
  parseSync ??= withoutHugePages(() => createRequire(import.meta.url)("oxc-parser").parseSync);
}

/** The parser's allocator, mimalloc, reads this once; else its first page takes 2 MB. */
function withoutHugePages<Value>(load: () => Value): Value {
  const { [HUGE_PAGES]: before } = process.env;
  process.env[HUGE_PAGES] ??= "0";
  try {
    return load();
  } finally {
    if (before === undefined) delete process.env[HUGE_PAGES];
  }
}

/** @throws CodeSyntaxError at the first mistake. */
export function parse(code: string, language: Language): ParsedUnit {
  loadParser();
  const result = parseSync!("cell", code, {
    lang: language,
    sourceType: "module",
    astType: "ts",
    preserveParens: true,
  });
  const mistake = result.errors.find((error) => error.severity === "Error");
  if (mistake !== undefined) {
    const label = mistake.labels[0];
    throw new CodeSyntaxError(mistake.message, label?.start ?? 0, label?.end ?? 0);
  }
  return { body: (result.program as unknown as { body: Node[] }).body };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Nodes right below a node, in the order of the source. */
export function* children(node: Node): Generator<Node> {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) yield value;
  }
}

/** Names that a binding pattern declares. */
export function patternNames(pattern: Node, names: string[] = []): string[] {
  switch (pattern.type) {
    case "Identifier":
      names.push(pattern.name as string);
      break;
    case "AssignmentPattern":
      patternNames(pattern.left as Node, names);
      break;
    case "RestElement":
      patternNames(pattern.argument as Node, names);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements as (Node | null)[]) if (element !== null) patternNames(element, names);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties as Node[]) {
        patternNames((property.type === "Property" ? property.value : property) as Node, names);
      }
      break;
  }
  return names;
}

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Line and column, both from 1, of an offset. */
export function positionAt(code: string, offset: number): Position {
  const before = code.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
