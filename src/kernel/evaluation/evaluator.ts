import { LabelfreeError } from "../../core/errors.ts";
import { RunningChild } from "./running-child.ts";
import type {
  CommEvent,
  DeathReason,
  DebugMessage,
  Evaluator,
  EvaluatorOptions,
  ExecuteOutcome,
  ExecuteRequest,
  MemoryUse,
} from "./types.ts";

const DEAF_NOTICE =
  "The cell is inside native code and cannot be stopped yet. Interrupt again to restart the notebook's process; its variables would be lost.\n";

/**
 * Starts a process that runs cells.
 * @throws LabelfreeError `package/not-built`, `kernel/child-failed`.
 */
export async function startEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  const evaluator = new ChildEvaluator(options);
  await evaluator.start();
  return evaluator;
}

class ChildEvaluator implements Evaluator {
  readonly #options: EvaluatorOptions;
  #child: RunningChild | undefined;
  #isShutDown = false;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return this.#startChild().ready;
  }

  execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    return this.#living().execute(request);
  }

  async interrupt(): Promise<void> {
    const child = this.#living();
    if (child.isDeaf) return this.#replace(child);
    if (await child.interrupt()) return;
    this.#options.events.output(child.lastCell, { type: "stream", name: "stderr", text: DEAF_NOTICE });
  }

  commMessage(message: CommEvent, cell: string): void {
    this.#living().send({ type: "comm", message, cell });
  }

  memory(): Promise<MemoryUse> {
    return this.#living().memory();
  }

  debug(request: DebugMessage): Promise<DebugMessage> {
    return this.#living().debug(request);
  }

  async restart(): Promise<void> {
    const child = this.#living();
    this.#child = undefined;
    await child.end();
    await this.start();
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#child?.end();
  }

  #living(): RunningChild {
    if (this.#isShutDown) {
      throw new LabelfreeError("kernel/shut-down", "evaluator: got a call after its shutdown, expected none");
    }
    return this.#child ?? this.#startChild();
  }

  #startChild(): RunningChild {
    const child = new RunningChild(this.#options);
    this.#child = child;
    void child.gone.then((reason) => this.#ended(child, reason));
    return child;
  }

  /** A child that ended by itself is replaced at once; one that never got ready only when the next cell comes. */
  #ended(child: RunningChild, reason: DeathReason): void {
    if (this.#isShutDown || this.#child !== child) return;
    this.#child = undefined;
    if (child.wasReady) this.#startChild();
    this.#options.events.died(reason);
  }

  async #replace(child: RunningChild): Promise<void> {
    const message = "The notebook's process did not react to an interrupt and was restarted; its variables are lost.";
    const reason: DeathReason = { kind: "crash", message, code: null, signal: "SIGKILL" };
    this.#child = undefined;
    await child.end(reason);
    this.#options.events.died(reason);
    await this.start();
  }
}
