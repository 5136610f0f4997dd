import type { View } from "vega";
import { LabelfreeError } from "../core/errors.ts";

interface SceneNode {
  readonly marktype?: string;
  readonly role?: string;
  readonly name?: string;
  readonly items?: readonly SceneNode[];
  readonly defined?: boolean;
  readonly x?: number;
  readonly y?: number;
}

/**
 * Checks that every mark of the spec drew something, at finite places.
 * @throws LabelfreeError `figure/empty-mark` or `figure/non-finite`.
 */
export function checkScene(view: View): void {
  const drawn = new Map<string, number>();
  const { root } = view.scenegraph() as unknown as { readonly root: SceneNode };
  visit(root, drawn);
  const empty = [...drawn].filter(([, count]) => count === 0).map(([name]) => name);
  if (drawn.size > 0 && empty.length === 0) return;
  const got = drawn.size === 0 ? "no marks" : `nothing drawn by ${empty.join(", ")}`;
  throw new LabelfreeError("figure/empty-mark", `figure: got ${got}, expected at least one item of each mark`, {
    fields: { empty },
  });
}

function visit(node: SceneNode, drawn: Map<string, number>): void {
  const items = node.items ?? [];
  if (node.role === "mark" && node.marktype !== "group") {
    const name = node.name ?? node.marktype ?? "mark";
    drawn.set(name, (drawn.get(name) ?? 0) + items.length);
    for (const item of items) checkPlace(item, name);
  }
  for (const item of items) visit(item, drawn);
}

function checkPlace(item: SceneNode, name: string): void {
  if (item.defined === false || (isFiniteOrAbsent(item.x) && isFiniteOrAbsent(item.y))) return;
  throw new LabelfreeError(
    "figure/non-finite",
    `figure mark ${name}: got an item at (${item.x}, ${item.y}), expected finite places`,
  );
}

function isFiniteOrAbsent(value: number | undefined): boolean {
  return value === undefined || Number.isFinite(value);
}
