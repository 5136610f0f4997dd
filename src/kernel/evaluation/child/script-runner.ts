// V8's REPL mode, reached through an inspector session of this very thread.

import { type Runtime, Session } from "node:inspector";
import { interruptibly } from "./critical.ts";

export type Completion =
  | { readonly kind: "value" }
  | { readonly kind: "thrown"; readonly thrown: unknown; readonly details: Runtime.ExceptionDetails }
  | { readonly kind: "terminated" }
  | { readonly kind: "lost" /* what the script awaited was collected: it can never end */ };

/**
 * V8 calls off a termination that has not cut a script before its end only when the script has a limit; the code that
 * waits for the script's promise would abort the process.
 */
const NO_TIMEOUT_MS = 1e12;

export class ScriptRunner {
  readonly #session = new Session();
  readonly #hostName: string;
  #hostId = "";
  #thrown: unknown;
  #work: () => void = () => {};
  #scripts = 0;

  /** @param hostName global under which this reaches itself from V8's side */
  constructor(hostName: string) {
    this.#hostName = hostName;
    this.#session.connect();
  }

  /** Is to be called once the global is there. */
  start(): void {
    this.#session.post("Runtime.evaluate", { expression: `${this.#hostName}.catcher` }, (_error, reply) => {
      this.#hostId = reply?.result.objectId ?? "";
    });
  }

  /** What the global's `catcher` must be. */
  readonly catcher = {
    take: (thrown: unknown): void => {
      this.#thrown = thrown;
    },
    work: (): void => this.#work(),
  };

  /** Runs a script; the callback comes at once or, after an await, later. An interrupt may cut the script. */
  run(text: string, name: string, done: (completion: Completion) => void): void {
    const objectGroup = `script-${++this.#scripts}`;
    const expression = `${text}\n//# sourceURL=${name}`;
    interruptibly(() => {
      this.#session.post(
        "Runtime.evaluate",
        { expression, objectGroup, replMode: true, awaitPromise: true, silent: true, timeout: NO_TIMEOUT_MS },
        (error, reply) => {
          const completion = this.#completion(error, reply as Runtime.EvaluateReturnType | undefined);
          this.#session.post("Runtime.releaseObjectGroup", { objectGroup });
          done(completion);
        },
      );
    });
  }

  /** Calls a function whose termination must not reach the caller. */
  guard(work: () => void): void {
    this.#work = work;
    interruptibly(() => this.#session.post("Runtime.evaluate", { expression: `${this.#hostName}.catcher.work()` }));
  }

  /** Cuts the JavaScript that this thread is in. */
  terminate(): void {
    this.#session.post("Runtime.terminateExecution");
  }

  #completion(error: Error | null, reply: Runtime.EvaluateReturnType | undefined): Completion {
    if (error !== null) return { kind: /collected/.test(error.message) ? "lost" : "terminated" };
    const details = reply?.exceptionDetails;
    if (details === undefined) return { kind: "value" };
    const { objectId, unserializableValue, value } = details.exception ?? { value: details.text };
    const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
    this.#session.post("Runtime.callFunctionOn", {
      objectId: this.#hostId,
      functionDeclaration: "function (thrown) { this.take(thrown); }",
      arguments: [argument],
    });
    const thrown = this.#thrown;
    this.#thrown = undefined;
    return { kind: "thrown", thrown, details };
  }
}
