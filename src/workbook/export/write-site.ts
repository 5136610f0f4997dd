import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeError, writeFileAtomic } from "../../core/atomic-file.ts";
import type { SiteFile } from "./site-assets.ts";

/**
 * Writes a site's files into a folder, each whole or not at all, in order; returns the paths of its pages.
 * @throws LabelfreeError `file/...`.
 */
export function writeSite(folder: string, files: readonly SiteFile[]): string[] {
  for (const below of new Set(files.map(({ path }) => dirname(join(folder, path))))) {
    try {
      mkdirSync(below, { recursive: true });
    } catch (error) {
      throw writeError(below, error);
    }
  }
  for (const { path, data } of files) writeFileAtomic(join(folder, path), data);
  return files.filter(({ path }) => path.endsWith(".html")).map(({ path }) => join(folder, path));
}
