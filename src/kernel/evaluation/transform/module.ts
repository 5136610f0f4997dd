// A local module stays a module: its types become spaces, and imports that are only types go, as TypeScript does it.

import { Edits, originalPosition } from "./edits.ts";
import type { Position } from "./position.ts";
import { type CodeSettings, lower, needsLowering } from "./lower.ts";
import { checkAwaitingLoops } from "./loops.ts";
import { isTypeOnly, stripTypesAt } from "./strip-types.ts";
import { children, type Node, parse } from "./syntax.ts";
import { valueNames } from "./value-names.ts";

export interface ModuleScript {
  readonly text: string;
  toSource(position: Position): Position;
  /** Whether it imports or exports anything; else it may be CommonJS. */
  readonly isModule: boolean;
}

export interface ModuleOptions extends CodeSettings {
  readonly runtime: string;
  readonly isTypeScript: boolean;
  readonly allowsJsx: boolean; // from the file's name
}

/** @throws CodeSyntaxError with offsets into the code. */
export function transformModule(code: string, options: ModuleOptions): ModuleScript {
  const language = options.isTypeScript ? (options.allowsJsx ? "tsx" : "ts") : "jsx";
  const { body } = parse(code, language);
  const settings: CodeSettings = options.allowsJsx
    ? { ...options, jsx: options.jsx ?? { runtime: "automatic" } }
    : { hasLegacyDecorators: options.hasLegacyDecorators };
  if (!needsLowering(body)) return strip(code, body, options, (position) => position);
  const lowered = lower(code, body, settings);
  return strip(lowered.code, parse(lowered.code, "js").body, options, lowered.toSource);
}

function strip(
  code: string,
  body: readonly Node[],
  { runtime, isTypeScript }: ModuleOptions,
  toSource: (position: Position) => Position,
): ModuleScript {
  const edits = new Edits(code);
  const values = valueNames(body);
  const types = new Set(body.flatMap(typeNames));
  for (const statement of body) {
    if (isTypeScript) dropTypeNames(statement, values, types, edits);
    visit(statement, edits);
    checkAwaitingLoops(statement, edits, runtime);
  }
  const { text, columns } = edits.apply();
  return {
    text,
    toSource: (position) => toSource(originalPosition(columns, position)),
    isModule: body.some((statement) => /^(?:Import|Export)/.test(statement.type)),
  };
}

function visit(node: Node, edits: Edits): void {
  if (!stripTypesAt(node, edits)) return;
  for (const child of children(node)) visit(child, edits);
}

/** Names in import and export lists that stand for types. */
function dropTypeNames(node: Node, values: ReadonlySet<string>, types: ReadonlySet<string>, edits: Edits): void {
  if (isTypeOnly(node)) return;
  const specifiers = (node.specifiers ?? []) as Node[];
  if (node.type === "ImportDeclaration" && specifiers.length > 0) {
    const unused = specifiers.filter((specifier) => !values.has((specifier.local as Node).name as string));
    if (unused.length === specifiers.length) return edits.blankStatement(node.start, node.end);
    for (const specifier of unused) if (specifier.type === "ImportSpecifier") drop(specifier, edits);
  } else if (node.type === "ExportNamedDeclaration" && node.source == null) {
    for (const specifier of specifiers) {
      if (types.has((specifier.local as Node).name as string)) drop(specifier, edits);
    }
  }
}

function drop(specifier: Node, edits: Edits): void {
  const comma = /^\s*,/.exec(edits.source.slice(specifier.end));
  edits.blank(specifier.start, specifier.end + (comma?.[0].length ?? 0));
}

function typeNames(statement: Node): readonly string[] {
  const declaration = statement.type === "ExportNamedDeclaration" ? (statement.declaration as Node | null) : statement;
  const isType = declaration?.type === "TSInterfaceDeclaration" || declaration?.type === "TSTypeAliasDeclaration";
  return isType ? [(declaration.id as Node).name as string] : [];
}
