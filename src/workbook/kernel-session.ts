// A notebook on a kernel that this process has started: cells run one after the other, an abort interrupts the one that
// runs, and what a cell's timers print later still goes to that cell.

import { setTimeout as delay } from "node:timers/promises";
import { isLabelfreeError } from "../core/errors.ts";
import { type LaunchedKernel, launchKernel } from "../kernel/client/launch-kernel.ts";
import type { IncomingMessage } from "../kernel/wire/message.ts";
import { type CellError, type CellOutputs, toError } from "./cell-outputs.ts";
import type { KernelChoice } from "./kernel-choice.ts";

export type CellEnd =
  | { readonly status: "ok" | "interrupted" }
  /** `died`: the kernel ended with the cell. */
  | { readonly status: "error" | "died"; readonly error: CellError };

const INTERRUPT_LIMIT_MS = 5_000;

export class KernelSession {
  readonly #kernel: LaunchedKernel;
  readonly #interruptMode: KernelChoice["interruptMode"];
  readonly #cells = new Map<string, CellOutputs>();

  private constructor(kernel: LaunchedKernel, { interruptMode }: KernelChoice) {
    this.#kernel = kernel;
    this.#interruptMode = interruptMode;
    const hear = (message: IncomingMessage) => this.#cells.get(String(message.parentHeader.msg_id))?.hear(message);
    kernel.client.onLateOutput(hear);
  }

  /** Starts the kernel with `cwd` as its folder. @throws LabelfreeError `kernel/no-start`. */
  static async start(choice: KernelChoice, cwd: string): Promise<KernelSession> {
    const { argv, env } = choice;
    return new KernelSession(await launchKernel({ argv, env, cwd }), choice);
  }

  /** Runs a cell's text, its outputs into `outputs`. An abort interrupts it, and ends a kernel that does not obey. */
  async runCell(source: string, outputs: CellOutputs, signal?: AbortSignal): Promise<CellEnd> {
    const isAborted = () => signal?.aborted === true;
    if (isAborted()) return { status: "interrupted" };
    const { id, reply, idle } = this.#kernel.client.execute(source, (message) => outputs.hear(message));
    this.#cells.set(id, outputs);
    const over = new AbortController();
    const interrupt = () => void this.#interrupt(over.signal);
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      const { content } = await reply;
      await idle;
      if (content.status === "ok") return { status: "ok" };
      return isAborted() ? { status: "interrupted" } : { status: "error", error: toError(content) };
    } catch (error) {
      if (isAborted()) return { status: "interrupted" };
      if (!isLabelfreeError(error, "kernel/ended")) throw error;
      return { status: "died", error: { ename: "KernelDied", evalue: error.message, traceback: [] } };
    } finally {
      over.abort();
      signal?.removeEventListener("abort", interrupt);
    }
  }

  /** What the kernel says of its language, for the notebook's metadata. */
  async languageInfo(): Promise<unknown> {
    const { content } = await this.#kernel.client.request("shell", "kernel_info_request").reply;
    return content.language_info;
  }

  close(): Promise<void> {
    return this.#kernel.shutdown();
  }

  async #interrupt(over: AbortSignal): Promise<void> {
    if (this.#interruptMode === "message") this.#kernel.client.request("control", "interrupt_request");
    else this.#kernel.signal();
    const isOver = await delay(INTERRUPT_LIMIT_MS, false, { signal: over }).catch(() => true);
    if (!isOver) await this.#kernel.shutdown();
  }
}
