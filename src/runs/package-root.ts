import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LabelfreeError } from "../core/errors.ts";

export interface PackageFacts {
  readonly root: string; // absolute path
  readonly version: string;
  /** Whether this code runs from the build (dist/) rather than from the sources. */
  readonly isBuilt: boolean;
}

let facts: PackageFacts | undefined;

/**
 * Where this package lies, found upwards from this very file, and its version.
 * @throws LabelfreeError `package/not-found`.
 */
export function packageFacts(): PackageFacts {
  facts ??= findPackage(fileURLToPath(import.meta.url));
  return facts;
}

function findPackage(file: string): PackageFacts {
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    const manifest = join(directory, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(readFileSync(manifest, "utf8"));
    if (name === "labelfree") return { root: directory, version: String(version), isBuilt: !file.endsWith(".ts") };
  }
  throw new LabelfreeError(
    "package/not-found",
    `package root: got none above ${file}, expected labelfree's package.json`,
  );
}

/** Absolute path of a file or directory of this package. */
export function packagePath(...segments: readonly string[]): string {
  return resolve(packageFacts().root, ...segments);
}

/**
 * Absolute path of a built file, whether or not this code itself runs from the build; for entries of child processes.
 * @throws LabelfreeError `package/not-built`.
 */
export function builtPath(relative: string): string {
  const path = packagePath("dist", relative);
  if (existsSync(path)) return path;
  throw new LabelfreeError(
    "package/not-built",
    `package: got no dist/${relative}, expected a build; run npm run build`,
  );
}
