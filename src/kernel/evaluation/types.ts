export type MimeBundle = Readonly<Record<string, unknown>>;

export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface StreamEvent {
  readonly type: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

export interface DisplayEvent {
  readonly type: "display";
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
  readonly displayId?: string;
  readonly update?: boolean;
  readonly buffers?: readonly Uint8Array[];
}

/** The value of a cell's last expression; the server adds the execution count. */
export interface ResultEvent {
  readonly type: "result";
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
}

/** An error outside any cell's own course: an uncaught exception of a timer, an unhandled rejection. */
export interface ErrorEvent {
  readonly type: "error";
  readonly error: ErrorReport;
}

export interface ClearEvent {
  readonly type: "clear";
  readonly wait: boolean;
}

export interface CommEvent {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly commId: string;
  readonly targetName?: string;
  readonly data: unknown;
  readonly metadata?: MimeBundle;
  readonly buffers?: readonly Uint8Array[];
}

export type OutputEvent = StreamEvent | DisplayEvent | ResultEvent | ErrorEvent | ClearEvent | CommEvent;

export interface InputRequest {
  readonly prompt: string;
  readonly password: boolean;
}

/** Why the child ended without being asked to. */
export interface DeathReason {
  readonly kind: "memory" | "crash" | "exit";
  readonly message: string;
  readonly code: number | null;
  readonly signal: string | null;
}

/** `cell` is the id given in execute(): output that comes late (timers, child processes) names the cell that caused it. */
export interface EvaluatorEvents {
  output(cell: string, event: OutputEvent): void;
  input(cell: string, request: InputRequest): Promise<string>;
  died(reason: DeathReason): void;
  /** An event of the debugger. */
  debug?(event: DebugMessage): void;
}

export interface ExecuteRequest {
  readonly cell: string;
  readonly executionCount: number;
  readonly code: string;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  readonly subshell: string | null;
}

export type UserExpressionOutcome =
  | { readonly status: "ok"; readonly data: MimeBundle; readonly metadata: MimeBundle }
  | ({ readonly status: "error" } & ErrorReport);

export type ExecuteOutcome =
  | { readonly status: "ok"; readonly userExpressions: Readonly<Record<string, UserExpressionOutcome>> }
  /** The cell's own error; it is in the outcome alone, not among the output events. */
  | { readonly status: "error"; readonly error: ErrorReport; readonly aborted: boolean /* interrupted */ };

/** A message of the Debug Adapter Protocol. */
export type DebugMessage = Readonly<Record<string, unknown>>;

export interface MemoryUse {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

export interface Evaluator {
  /** Resolves only after every output of the cell's own course has been handed to events.output, in order. */
  execute(request: ExecuteRequest): Promise<ExecuteOutcome>;
  /** Stops what runs, in under 100 ms, keeping the state; a restart (then `died`) is the last resort. */
  interrupt(): Promise<void>;
  commMessage(message: CommEvent, cell: string): void;
  memory(): Promise<MemoryUse>;
  /** Answers a request to the debugger, also while a cell runs or is stopped. */
  debug(request: DebugMessage): Promise<DebugMessage>;
  restart(): Promise<void>;
  /** Ends the child and every process that it started. */
  shutdown(): Promise<void>;
}

export interface EvaluatorOptions {
  readonly cwd: string;
  readonly memoryLimitMb?: number;
  readonly events: EvaluatorEvents;
  readonly env?: Readonly<Record<string, string>>;
}
