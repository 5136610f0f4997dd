// Tells whether a process that wrote its identity down is still there. A pid alone does not: it is given again. With the
// moment when the process started it is unique on a machine; the machine itself is a hash, for no host name is stored.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { hashJson } from "../core/hash.ts";

export interface ProcessIdentity {
  readonly pid: number;
  /** In the system's own terms; null where it does not tell. */
  readonly started: string | null;
  readonly machine: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), machine: machineId() };
}

/** "gone" and "alive" where this can be known; "unknown" for a process of another machine. */
export function stateOfProcess({ pid, started, machine }: ProcessIdentity): "alive" | "gone" | "unknown" {
  if (machine !== machineId()) return "unknown";
  if (!exists(pid)) return "gone";
  const now = startOf(pid);
  return now !== null && started !== null && now !== started ? "gone" : "alive";
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only asks
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // there, but someone else's
  }
}

function startOf(pid: number): string | null {
  try {
    if (existsSync("/proc/self/stat")) return linuxStartOf(pid);
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 5000 }).trim();
  } catch {
    return null;
  }
}

// boot id and field 22 of stat, ticks since boot; field 2, the program's name, may hold blanks and parentheses; a zombie
// (field 3) has ended though its parent has not asked yet
function linuxStartOf(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return "ended";
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`;
}

function machineId(): string {
  return hashJson(hostname()).slice(0, 16);
}
