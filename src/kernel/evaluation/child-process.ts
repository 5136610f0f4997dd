import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LabelfreeError } from "../../core/errors.ts";
import { asyncIdFlags } from "./async-ids.ts";
import { CONTROL_FD, type ChildSettings, EVENTS_FD, REQUESTS_FD } from "./messages.ts";
import type { EvaluatorOptions } from "./types.ts";

export interface EvaluationProcess {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly events: Socket;
  readonly requests: Socket;
  readonly control: Socket;
}

const packageRoot = findPackageRoot();

/** Starts the process that runs the cells, in a process group of its own. */
export function spawnEvaluation({ cwd, memoryLimitMb, env }: EvaluatorOptions): EvaluationProcess {
  const mark = `\u0000labelfree:${randomBytes(9).toString("base64url")}:`;
  const settings: ChildSettings = { mark, packageRoot, colors: true };
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", ...asyncIdFlags()];
  if (memoryLimitMb !== undefined) flags.push(`--max-old-space-size=${memoryLimitMb}`);
  const child = spawn(process.execPath, [...flags, childEntry(), JSON.stringify(settings)], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"],
    detached: true, // a group of its own: a terminal's interrupt goes to the parent alone, and the group can be ended whole
  });
  const pipes: readonly unknown[] = child.stdio;
  return {
    child,
    mark,
    events: pipes[EVENTS_FD] as Socket,
    requests: pipes[REQUESTS_FD] as Socket,
    control: pipes[CONTROL_FD] as Socket,
  };
}

/** Ends a child and everything that it has started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // all of them have ended
  }
}

function childEntry(): string {
  const own = fileURLToPath(new URL("./child/start.js", import.meta.url));
  const built = join(packageRoot, "dist", "kernel", "evaluation", "child", "start.js");
  const entry = import.meta.url.endsWith(".ts") ? built : own;
  if (existsSync(entry)) return entry;
  throw new LabelfreeError("package/not-built", `kernel: got no ${entry}, expected a build; run npm run build`);
}

function findPackageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "labelfree") return folder;
  }
  throw new LabelfreeError(
    "package/not-found",
    `kernel: got no package above ${start}, expected labelfree's package.json`,
  );
}
