// Where and when a run was computed, for its record. Nothing here decides a result, and this is the only place that
// reads the date. Nothing personal either: no names of users or hosts, no paths, no environment variables.

import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { packageFacts } from "./package-root.ts";

export interface Environment {
  readonly labelfree: string;
  readonly node: string;
  readonly v8: string;
  readonly os: string; // e.g. "linux 6.8.0 x64"
  readonly processor: string;
  readonly cores: number;
  readonly device: string;
  readonly threads: number;
  /** null outside a git checkout of this package. */
  readonly git: { readonly commit: string; readonly isModified: boolean } | null;
}

/** The machine, the versions and the commit that a run is computed with. */
export function readEnvironment({ device, threads }: { device: string; threads: number }): Environment {
  const { root, version } = packageFacts();
  return {
    labelfree: version,
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${process.platform} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    device,
    threads,
    git: readCommit(root),
  };
}

/** The present moment as ISO 8601 in UTC, for records only. */
export function timeStamp(): string {
  return new Date().toISOString();
}

// only a repository whose top is this package: another project's commit says nothing about our code
function readCommit(root: string): Environment["git"] {
  try {
    if (realpathSync(git(root, "rev-parse", "--show-toplevel")) !== realpathSync(root)) return null;
    const isModified = git(root, "status", "--porcelain", "--untracked-files=no") !== "";
    return { commit: git(root, "rev-parse", "HEAD"), isModified };
  } catch {
    return null;
  }
}

function git(root: string, ...words: readonly string[]): string {
  const timeout = 5000; // milliseconds
  return execFileSync("git", words, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout,
  }).trim();
}
