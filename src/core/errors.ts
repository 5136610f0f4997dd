export interface LabelfreeErrorOptions {
  readonly cause?: unknown;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An error of this package: `message` reads `place: what is wrong, got X, expected Y`; `code` is stable across versions. */
export class LabelfreeError extends Error {
  override readonly name = "LabelfreeError";
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: LabelfreeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** Tells whether a thrown value is ours, optionally with the given code. */
export function isLabelfreeError(error: unknown, code?: string): error is LabelfreeError {
  return error instanceof LabelfreeError && (code === undefined || error.code === code);
}

const MAX_CAUSES = 5;

/** Text of an error for a command line: the message, then one line per cause, no stack. */
export function formatError(error: unknown): string {
  const lines = [messageOf(error)];
  let cause = causeOf(error);
  for (let depth = 0; cause !== undefined && depth < MAX_CAUSES; depth++) {
    const text = firstLine(messageOf(cause));
    if (!lines.some((line) => line.includes(text))) lines.push(`  because: ${text}`);
    cause = causeOf(cause);
  }
  return lines.join("\n");
}

function messageOf(error: unknown): string {
  if (error instanceof LabelfreeError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error.message === "") return error.name;
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
