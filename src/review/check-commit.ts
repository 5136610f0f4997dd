// Whether what is reviewed is what the commit holds. Everything else in a review is checked against other files of the
// same folder; a change of all of them together shows only here, and in training.

import { execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { type Check, failed, inList, notChecked, short } from "./check.ts";

const SECTION = "committed files";

/** A row for each of the paths that exist. */
export function checkCommitted(paths: readonly string[]): Check[] {
  return [...new Set(paths)].filter(existsSync).map(checkPath);
}

function checkPath(path: string): Check {
  const about = { section: SECTION, what: path } as const;
  const folder = dirname(realpathSync(path));
  let commit: string;
  let changes: string;
  try {
    commit = git(folder, "rev-parse", "HEAD").trim();
    changes = git(folder, "status", "--porcelain", "--untracked-files=all", "--", realpathSync(path));
    if (git(folder, "ls-files", "--", realpathSync(path)) === "") return notChecked(about, "not in the commit");
  } catch {
    return notChecked(about, "not in a git checkout");
  }
  const expected = `as in commit ${short(commit)}`;
  const files = changes.split("\n").filter((line) => line !== "");
  if (files.length === 0) return { ...about, expected, found: expected, verdict: "passed", why: null };
  const found = `${files.length} changed: ${inList(files.map((line) => line.slice(3)))}`;
  return failed(about, expected, found, "what is reviewed here is not what that commit holds");
}

function git(folder: string, ...words: readonly string[]): string {
  const timeout = 20_000; // milliseconds
  return execFileSync("git", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout });
}
