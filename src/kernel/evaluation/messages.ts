import type { MessagePort } from "node:worker_threads";
import type { CommEvent, DebugMessage, ExecuteOutcome, ExecuteRequest, MemoryUse, OutputEvent } from "./types.ts";

/** File descriptors of the child, besides stdout and stderr. */
export const EVENTS_FD = 3; // main thread to parent, written in blocking mode
export const REQUESTS_FD = 4; // parent to main thread
export const CONTROL_FD = 5; // parent to control thread and back, alive while the main thread is busy

/** Parent to main thread. */
export type Request =
  | { readonly type: "execute"; readonly id: number; readonly request: ExecuteRequest }
  | { readonly type: "comm"; readonly message: CommEvent; readonly cell: string };

/** Main thread to parent, in order with the cells' text. */
export type Event =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: string; readonly event: OutputEvent }
  | {
      readonly type: "input";
      readonly id: number;
      readonly cell: string;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** Everything that the child wrote to stdout and stderr before this lies before mark `number` there. */
  | { readonly type: "sync"; readonly number: number; readonly cell: string }
  | { readonly type: "done"; readonly id: number; readonly outcome: ExecuteOutcome }
  | { readonly type: "exiting"; readonly code: number };

/** Parent to control thread. */
export type ControlRequest =
  /** Stops these executions, also those that the main thread has not begun. */
  | { readonly type: "interrupt"; readonly id: number; readonly executions: readonly number[] }
  | { readonly type: "memory"; readonly id: number }
  | { readonly type: "debug"; readonly id: number; readonly request: DebugMessage }
  | { readonly type: "answer"; readonly id: number; readonly text: string | null; readonly error: string | null };

/** Control thread to parent. */
export type ControlReply =
  | { readonly type: "interrupted"; readonly id: number }
  | { readonly type: "memory"; readonly id: number; readonly use: MemoryUse }
  | { readonly type: "debug"; readonly id: number; readonly response: DebugMessage }
  | { readonly type: "debug-event"; readonly event: DebugMessage };

/** What the main thread gives its control thread at its start. */
export interface ControlData {
  readonly shared: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Control thread to main thread. */
export type ControlNotice =
  | { readonly type: "interrupt"; readonly id: number; readonly executions: readonly number[] }
  | { readonly type: "answer"; readonly id: number; readonly text: string | null; readonly error: string | null };

/** Main thread to control thread. */
export type MainNotice = { readonly type: "text" } | { readonly type: "interrupted"; readonly id: number };

export interface ChildSettings {
  readonly mark: string; // what marks in stdout and stderr begin with
  readonly packageRoot: string;
  readonly colors: boolean;
}
