import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../src/runs/package-root.ts";

export const MAIN = packagePath("dist", "cli", "main.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written to stderr so far. */
  stderr(): string;
}

/** Starts the built command line, or another script, in a process of its own. */
export function start(words: readonly string[], { input = "", cwd }: { input?: string; cwd?: string } = {}): Started {
  const child = spawn(process.execPath, words, cwd === undefined ? {} : { cwd });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
  child.stdin.on("error", () => {}); // a process that reads no input may end first
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, ended, stderr: () => texts.stderr };
}

/** Steps recorded so far by the only run under `root`; 0 before it begins. */
export function stepsRecorded(root: string): number {
  const [run] = existsSync(root) ? readdirSync(root) : [];
  const path = join(root, run ?? "none", "metrics.jsonl");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0;
}

/** Waits until something is so; throws after `limitMs`. */
export async function until(isSo: () => boolean, what: string, limitMs = 20_000): Promise<void> {
  for (const start = performance.now(); !isSo(); ) {
    if (performance.now() - start > limitMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
