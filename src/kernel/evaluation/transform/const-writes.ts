// Top-level constants are V8 variables (see cell.ts), so that writing to one would go unnoticed. Writes that reach one,
// past every inner declaration of the same name, get a check that throws what V8 would have thrown.

import type { Edits } from "./edits.ts";
import { children, isFunction, type Node, patternNames } from "./syntax.ts";

/** Makes every assignment to one of these top-level names throw. */
export function refuseConstWrites(
  body: readonly Node[],
  constants: ReadonlySet<string>,
  edits: Edits,
  runtime: string,
): void {
  if (constants.size === 0) return;
  for (const statement of body) visit(statement, constants, false);

  function visit(node: Node, reachable: ReadonlySet<string>, isStatement: boolean): void {
    if (reachable.size === 0) return;
    const name = writtenNames(node).find((written) => reachable.has(written));
    if (name !== undefined) refuse(node, name, isStatement);
    const inner = without(reachable, declaredNames(node));
    for (const child of children(node)) visit(child, inner, node.type === "ExpressionStatement");
  }

  function refuse(node: Node, name: string, isStatement: boolean): void {
    const check = `${runtime}.constant(${JSON.stringify(name)})`;
    if (node.type === "AssignmentExpression") {
      const value = node.right as Node;
      edits.insert(value.start, `(${check},`);
      edits.insert(value.end, ")");
    } else if (node.type === "UpdateExpression") {
      edits.insert(node.start, isStatement ? `${check},` : `(${check},`);
      if (!isStatement) edits.insert(node.end, ")");
    } else {
      const value = node.right as Node;
      edits.insert(value.start, `(${check},`);
      edits.insert(value.end, ")");
    }
  }
}

function writtenNames(node: Node): readonly string[] {
  if (node.type === "AssignmentExpression") return patternNames(node.left as Node);
  if (node.type === "UpdateExpression") return patternNames(node.argument as Node);
  if (node.type !== "ForOfStatement" && node.type !== "ForInStatement") return [];
  const left = node.left as Node;
  return left.type === "VariableDeclaration" ? [] : patternNames(left);
}

/** Names that a node declares for what is inside it. */
function declaredNames(node: Node): readonly string[] {
  if (isFunction(node)) {
    const names = (node.params as Node[]).flatMap((parameter) => patternNames(parameter));
    if (node.type === "FunctionExpression" && node.id != null) names.push((node.id as Node).name as string);
    if (node.body != null) collectVars(node.body as Node, names);
    return names;
  }
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      return (node.body as Node[]).flatMap(lexicalNames);
    case "SwitchStatement":
      return (node.cases as Node[]).flatMap((item) => (item.consequent as Node[]).flatMap(lexicalNames));
    case "ForStatement":
      return node.init == null ? [] : lexicalNames(node.init as Node);
    case "ForOfStatement":
    case "ForInStatement":
      return lexicalNames(node.left as Node);
    case "CatchClause":
      return node.param == null ? [] : patternNames(node.param as Node);
    case "ClassExpression":
      return node.id == null ? [] : [(node.id as Node).name as string];
    default:
      return [];
  }
}

function lexicalNames(node: Node): readonly string[] {
  if (node.type === "VariableDeclaration") {
    return (node.declarations as Node[]).flatMap((declarator) => patternNames(declarator.id as Node));
  }
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration")
    return [(node.id as Node).name as string];
  return [];
}

function collectVars(node: Node, names: string[]): void {
  if (node.type === "VariableDeclaration" && node.kind === "var") names.push(...lexicalNames(node));
  for (const child of children(node)) if (!isFunction(child)) collectVars(child, names);
}

function without(names: ReadonlySet<string>, removed: readonly string[]): ReadonlySet<string> {
  if (!removed.some((name) => names.has(name))) return names;
  const rest = new Set(names);
  for (const name of removed) rest.delete(name);
  return rest;
}
