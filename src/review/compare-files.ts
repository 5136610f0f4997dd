import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../findings/finding.ts";
import type { ReportFile } from "../findings/report.ts";

/** "extra": named like a file of the finding, but none that it draws. */
export type FileState = "same" | "differs" | "missing" | "extra";

export interface ComparedFile {
  readonly path: string;
  readonly state: FileState;
  /** What the records give; null for a file that they do not give. */
  readonly expected: Uint8Array | null;
}

/** The files of a finding in a folder against what it draws now, byte for byte. */
export function compareFiles(
  folder: string,
  finding: Pick<Finding, "name">,
  files: readonly ReportFile[],
): ComparedFile[] {
  const known = new Set(files.map(({ name }) => name));
  return [
    ...files.map(({ name, data }): ComparedFile => {
      const path = join(folder, name);
      return { path, state: stateOf(path, data), expected: data };
    }),
    ...filesOf(folder, finding)
      .filter((name) => !known.has(name))
      .map((name): ComparedFile => ({ path: join(folder, name), state: "extra", expected: null })),
  ];
}

/** Names of the files in a folder that are called after a finding. */
export function filesOf(folder: string, { name }: Pick<Finding, "name">): string[] {
  const present = existsSync(folder) ? readdirSync(folder).sort() : [];
  return present.filter((file) => file.startsWith(`${name}-`));
}

function stateOf(path: string, data: Uint8Array): FileState {
  if (!existsSync(path)) return "missing";
  return readFileSync(path).equals(data) ? "same" : "differs";
}
