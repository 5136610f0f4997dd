import { children, type Node } from "./syntax.ts";

/** Names that occur outside types; an imported name that is not among them is a type or not used. */
export function valueNames(body: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of body) if (statement.type !== "ImportDeclaration") collect(statement, names);
  return names;
}

function collect(node: Node, names: Set<string>): void {
  if (TYPES.has(node.type)) return;
  if (node.type === "Identifier" || node.type === "JSXIdentifier") names.add(node.name as string);
  if (node.type === "MemberExpression" && node.computed !== true) return collect(node.object as Node, names);
  for (const child of children(node)) collect(child, names);
}

const TYPES = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterDeclaration",
  "TSTypeParameterInstantiation",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSClassImplements",
]);
