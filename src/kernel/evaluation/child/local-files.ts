import { statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const COMPILED = new Set([".ts", ".mts", ".tsx", ".jsx", ".js", ".mjs"]);
const TRIED_EXTENSIONS = [".ts", ".tsx", ".mts", ".js", ".mjs", ".jsx", ".cjs", ".json"];
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".mjs": [".mts"],
  ".jsx": [".tsx"],
};

/** The file that a relative, absolute or file: specifier means, as TypeScript finds it; undefined for others. */
export function localFile(specifier: string, folder: string): string | undefined {
  const isLocal = /^(?:\.{1,2}(?:\/|$)|file:)/.test(specifier) || isAbsolute(specifier);
  if (!isLocal) return undefined;
  const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(folder, specifier);
  if (isFile(path)) return path;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const candidates = [
    ...(SOURCES_OF[extension] ?? []).map((source) => stem + source),
    ...TRIED_EXTENSIONS.map((tried) => path + tried),
    ...TRIED_EXTENSIONS.map((tried) => join(path, `index${tried}`)),
  ];
  return candidates.find(isFile) ?? path;
}

/** Whether the kernel compiles this file itself, and follows its changes. */
export function isCompiled(path: string, packageRoot: string): boolean {
  if (!COMPILED.has(extname(path)) || path.includes(`${sep}node_modules${sep}`)) return false;
  return !path.startsWith(join(packageRoot, "dist") + sep);
}

/** Changes whenever the file does; undefined where there is none. */
export function fileStamp(path: string): string | undefined {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return undefined;
  }
}

export function folderOf(path: string): string {
  return dirname(path);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
