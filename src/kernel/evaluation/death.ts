import type { DeathReason, ExecuteOutcome } from "./types.ts";

/** How V8's report begins when the heap has reached its limit. */
export const HEAP_DUMP_START = "<--- Last few GCs";

export interface EndOfChild {
  readonly code: number | null;
  readonly signal: string | null;
  /** What the child said about its exit, where it went by itself. */
  readonly exitCode: number | undefined;
  readonly isOutOfMemory: boolean;
  readonly memoryLimitMb: number | undefined;
}

const LOST = "The kernel starts it afresh; variables are lost.";

/** What a user reads when the process of the cells has ended. */
export function deathReason(end: EndOfChild): DeathReason {
  const { code, signal } = end;
  if (end.isOutOfMemory) {
    const limit = end.memoryLimitMb === undefined ? "its limit" : `its limit of ${end.memoryLimitMb} MB`;
    const message = `The notebook's process ran out of memory: its heap reached ${limit}. ${LOST} Keep less in variables, or raise the limit.`;
    return { kind: "memory", message, code, signal };
  }
  if (end.exitCode !== undefined && signal === null) {
    return {
      kind: "exit",
      message: `A cell ended the notebook's process: process.exit(${code ?? 0}). ${LOST}`,
      code,
      signal,
    };
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}${signalHint(signal)}`;
  return { kind: "crash", message: `The notebook's process was ended ${how}. ${LOST}`, code, signal };
}

/** What becomes of a cell that was running then. */
export function lostCell({ kind, message }: DeathReason, wasInterrupted: boolean): ExecuteOutcome {
  const ename = wasInterrupted
    ? "Interrupted"
    : kind === "exit"
      ? "ProcessExit"
      : kind === "memory"
        ? "OutOfMemory"
        : "ProcessCrash";
  return {
    status: "error",
    error: { ename, evalue: message, traceback: [`\u001b[31m${ename}\u001b[39m: ${message}`] },
    aborted: wasInterrupted,
  };
}

function signalHint(signal: string): string {
  if (signal === "SIGKILL") return " (most often the system's own end to a process that takes too much memory)";
  return signal === "SIGSEGV" || signal === "SIGBUS" ? " (a fault in native code)" : "";
}
