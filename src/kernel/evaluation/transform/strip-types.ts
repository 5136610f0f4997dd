// Types become spaces, so that every token that stays keeps its line and column. What TypeScript has beyond types (enums,
// namespaces with values, parameter properties, decorators, JSX) is not handled here: see lower.ts.

import type { Edits } from "./edits.ts";
import { children, type Node } from "./syntax.ts";

/** Blanks the types at one node (not below it); says whether its children are still to be visited. */
export function stripTypesAt(node: Node, edits: Edits): boolean {
  if (isTypeOnly(node)) {
    edits.blankStatement(node.start, node.end);
    return false;
  }
  const rule = RULES[node.type];
  return rule === undefined ? true : rule(node, edits) !== false;
}

/** Whether a statement or class member exists for the type checker alone. */
export function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSNamespaceExportDeclaration":
    case "TSIndexSignature":
    case "TSAbstractMethodDefinition":
    case "TSAbstractPropertyDefinition":
    case "TSAbstractAccessorProperty":
      return true;
    case "MethodDefinition":
      return (node.value as Node).type === "TSEmptyBodyFunctionExpression";
    case "TSModuleDeclaration":
      return node.declare === true || node.kind === "global" || !namespaceHasValues(node);
    case "VariableDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "PropertyDefinition":
    case "FunctionDeclaration":
      return node.declare === true;
    case "ImportDeclaration":
      return node.importKind === "type";
    case "TSImportEqualsDeclaration":
      return node.importKind === "type";
    case "ExportAllDeclaration":
      return node.exportKind === "type";
    case "ExportNamedDeclaration":
      return node.exportKind === "type" || (node.declaration != null && isTypeOnly(node.declaration as Node));
    case "ExportDefaultDeclaration":
      return isTypeOnly(node.declaration as Node);
    default:
      return false;
  }
}

function namespaceHasValues(node: Node): boolean {
  const body = node.body as Node | null | undefined;
  if (body == null) return false;
  if (body.type === "TSModuleDeclaration") return !isTypeOnly(body);
  return (body.body as Node[]).some((statement) => !isTypeOnly(statement));
}

type Rule = (node: Node, edits: Edits) => boolean | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  TSTypeAnnotation: blankAll,
  TSTypeParameterDeclaration: blankAll,
  TSTypeParameterInstantiation: blankAll,
  TSAsExpression: keepExpression,
  TSSatisfiesExpression: keepExpression,
  TSNonNullExpression: keepExpression,
  TSInstantiationExpression: keepExpression,
  TSTypeAssertion(node, edits) {
    edits.blank(node.start, (node.expression as Node).start);
    return undefined;
  },
  Identifier: blankMarks,
  VariableDeclarator: blankMarks,
  ArrayPattern: blankMarks,
  ObjectPattern: blankMarks,
  ExpressionStatement: keepApart,
  VariableDeclaration: keepApart,
  ReturnStatement: keepApart,
  ThrowStatement: keepApart,
  FunctionDeclaration: stripFunction,
  FunctionExpression: stripFunction,
  ArrowFunctionExpression: stripArrow,
  ClassDeclaration: stripClass,
  ClassExpression: stripClass,
  MethodDefinition: stripMember,
  PropertyDefinition(node, edits) {
    stripMember(node, edits);
    return keepApart(node, edits);
  },
  AccessorProperty: stripMember,
  ImportDeclaration: stripSpecifiers,
  ExportNamedDeclaration: stripSpecifiers,
};

function blankAll(node: Node, edits: Edits): boolean {
  edits.blank(node.start, node.end);
  return false;
}

function keepExpression(node: Node, edits: Edits): undefined {
  edits.blank((node.expression as Node).end, node.end);
}

/** `?` and `!` between a name and its type. */
function blankMarks(node: Node, edits: Edits): undefined {
  if (node.type === "VariableDeclarator") {
    if (node.definite === true) blankMark("!", (node.id as Node).start, edits);
  } else if (node.optional === true) {
    const type = node.typeAnnotation as Node | null | undefined;
    const from = node.type === "Identifier" ? node.start + (node.name as string).length : lastInner(node);
    const at = edits.source.indexOf("?", from);
    if (at >= 0 && at < (type?.start ?? node.end)) edits.blank(at, at + 1);
  }
}

function lastInner(node: Node): number {
  const inner = (node.elements ?? node.properties) as (Node | null)[];
  return inner.reduce((end, item) => Math.max(end, item?.end ?? 0), node.start);
}

function blankMark(mark: string, from: number, edits: Edits): void {
  const at = edits.source.indexOf(mark, from);
  if (at >= 0) edits.blank(at, at + 1);
}

/** A statement without semicolon that ended in a type must not run on into the next line. */
function keepApart(node: Node, edits: Edits): undefined {
  const { source } = edits;
  if (source[node.end - 1] === ";" || !endsInType(node, node.end)) return;
  if (/^\s*[([`+\-/*,.]/.test(source.slice(node.end, node.end + 200))) edits.insert(node.end, ";");
}

function endsInType(node: Node, end: number): boolean {
  if (node.type === "TSTypeAnnotation" || node.type === "TSNonNullExpression") return true;
  if (node.type === "TSAsExpression" || node.type === "TSSatisfiesExpression") return true;
  if (node.type === "TSInstantiationExpression") return true;
  for (const child of children(node)) if (child.end === end && endsInType(child, end)) return true;
  return false;
}

function stripFunction(node: Node, edits: Edits): undefined {
  const first = (node.params as Node[])[0];
  if (first?.type !== "Identifier" || first.name !== "this") return;
  const after = /^\s*,/.exec(edits.source.slice(first.end));
  edits.blank(first.start, first.end + (after?.[0].length ?? 0));
}

/** `)` may not stand on another line than `=>`: it moves to the end of the return type. */
function stripArrow(node: Node, edits: Edits): undefined {
  const type = node.returnType as Node | null | undefined;
  if (type == null || !edits.source.slice(type.start, type.end).includes("\n")) return;
  const close = edits.source.lastIndexOf(")", type.start);
  edits.blank(close, close + 1);
  edits.replace(type.start, type.end, `${edits.source.slice(type.start, type.end - 1).replace(/[^\r\n]/g, " ")})`);
}

function stripClass(node: Node, edits: Edits): undefined {
  const { source } = edits;
  const decorators = (node.decorators ?? []) as Node[];
  const from = decorators.at(-1)?.end ?? node.start;
  if (node.abstract === true) {
    const at = source.indexOf("abstract", from);
    edits.blank(at, at + "abstract".length);
  }
  const implemented = (node.implements ?? []) as Node[];
  if (implemented.length === 0) return;
  const parts = [node.id, node.typeParameters, node.superClass, node.superTypeArguments] as (Node | null | undefined)[];
  const heritageEnd = parts.reduce((end, part) => Math.max(end, part?.end ?? 0), from);
  edits.blank(source.indexOf("implements", heritageEnd), (node.body as Node).start);
}

const MODIFIER = /\b(?:public|private|protected|readonly|override|declare)\b/g;

function stripMember(node: Node, edits: Edits): undefined {
  const { source } = edits;
  const key = node.key as Node;
  const decorators = (node.decorators ?? []) as Node[];
  const from = decorators.at(-1)?.end ?? node.start;
  for (const match of source.slice(from, key.start).matchAll(MODIFIER)) {
    edits.blank(from + match.index, from + match.index + match[0].length);
  }
  if (node.optional !== true && node.definite !== true) return;
  blankMark(node.optional === true ? "?" : "!", node.computed === true ? source.indexOf("]", key.end) : key.end, edits);
}

/** `import { type A, b }` */
function stripSpecifiers(node: Node, edits: Edits): undefined {
  for (const specifier of (node.specifiers ?? []) as Node[]) {
    if (specifier.importKind !== "type" && specifier.exportKind !== "type") continue;
    const comma = /^\s*,/.exec(edits.source.slice(specifier.end));
    edits.blank(specifier.start, specifier.end + (comma?.[0].length ?? 0));
  }
}
