import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths of all notebooks in a folder: its own first, then folder by folder, by name. */
export function findNotebooks(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const found = names.filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints")).sort();
  const depth = (name: string) => name.split(/[\\/]/).length;
  return found.sort((a, b) => depth(a) - depth(b)).map((name) => join(folder, name));
}
