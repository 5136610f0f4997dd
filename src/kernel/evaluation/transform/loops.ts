// A loop that awaits goes on when its cell was interrupted and abandoned; so it asks, each time round, whether to end.

import type { Edits } from "./edits.ts";
import { children, isFunction, type Node } from "./syntax.ts";

const LOOPS = new Set(["WhileStatement", "DoWhileStatement", "ForStatement", "ForOfStatement", "ForInStatement"]);

export function isLoop(node: Node): boolean {
  return LOOPS.has(node.type);
}

/** Puts the question into every awaiting loop of a statement, whatever its depth. */
export function checkAwaitingLoops(node: Node, edits: Edits, runtime: string): void {
  if (isLoop(node) && holdsAwait(node)) {
    const body = node.body as Node;
    const check = `${runtime}.check();`;
    if (body.type === "BlockStatement") edits.insert(body.start + 1, check);
    else {
      edits.insert(body.start, `{${check}`);
      edits.insert(body.end, "}");
    }
  }
  for (const child of children(node)) checkAwaitingLoops(child, edits, runtime);
}

/** Whether a loop awaits something in its own function. */
function holdsAwait(node: Node): boolean {
  if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await === true)) return true;
  for (const child of children(node)) if (!isFunction(child) && holdsAwait(child)) return true;
  return false;
}
