// The parent's side of the language service. TypeScript runs in a thread of its own, which starts with the first
// question: a kernel that is only told to run cells never loads it. A thread that dies is replaced at the next question
// and told the cells again.

import { Worker } from "node:worker_threads";
import { LabelfreeError } from "../../core/errors.ts";
import type { Completeness } from "./is-complete.ts";
import { isComplete } from "./is-complete.ts";
import type { LanguageAnswer, LanguageReply, LanguageRequest } from "./language-messages.ts";
import type { Cell, Completions, Diagnostic, Inspection, LanguageService } from "./language-types.ts";

export type { Cell, Completions, Diagnostic, Inspection, LanguageService } from "./language-types.ts";

export interface LanguageOptions {
  /** Directory that relative imports start at and packages are looked for from. */
  readonly cwd: string;
}

/** A language service over the cells that it is told of. */
export async function createLanguageService(options: LanguageOptions): Promise<LanguageService> {
  return new ThreadedLanguageService(options.cwd);
}

// a thread cannot load TypeScript: from the sources, the build's file serves
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "../../../dist/kernel/language/language-worker.js" : "./language-worker.js",
  import.meta.url,
);
const MAX_CELLS = 2000;
const HEAP_LIMIT_MB = 2048;
const LONGEST_ANSWER_MS = 60_000;

interface Waiting {
  resolve(answer: LanguageAnswer): void;
  reject(error: LabelfreeError): void;
}

type Question = Exclude<LanguageRequest, { kind: "cell" }>;
type WithoutId<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;

class ThreadedLanguageService implements LanguageService {
  readonly #cwd: string;
  readonly #cells: Cell[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  addCell(cell: Cell): void {
    this.#cells.push(cell);
    if (this.#cells.length > MAX_CELLS) this.#cells.shift();
    this.#worker?.postMessage({ kind: "cell", cell } satisfies LanguageRequest);
  }

  async diagnostics(code: string, _cellId: string): Promise<readonly Diagnostic[]> {
    return (await this.#ask({ kind: "diagnostics", code })) as readonly Diagnostic[];
  }

  async complete(code: string, cursorPos: number): Promise<Completions> {
    return (await this.#ask({ kind: "complete", code, cursorPos })) as Completions;
  }

  async inspect(code: string, cursorPos: number, detailLevel: 0 | 1): Promise<Inspection> {
    return (await this.#ask({ kind: "inspect", code, cursorPos, detailLevel })) as Inspection;
  }

  isComplete(code: string): Completeness {
    return isComplete(code);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #ask(question: WithoutId<Question>): Promise<LanguageAnswer> {
    if (this.#isClosed) return Promise.reject(stopped("it is closed"));
    const worker = this.#worker ?? this.#start();
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.ref(); // an open question keeps the process alive, an idle thread does not
      worker.postMessage({ ...question, id });
      this.#watch(worker, id);
    });
  }

  #start(): Worker {
    const worker = new Worker(WORKER, {
      workerData: { cwd: this.#cwd },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
    });
    this.#worker = worker;
    let reason = "its thread ended";
    worker.on("message", (reply: LanguageReply) => this.#settle(reply));
    worker.on("error", (error) => {
      reason = error.message;
    });
    worker.on("exit", () => this.#lose(worker, reason));
    worker.unref();
    for (const cell of this.#cells) worker.postMessage({ kind: "cell", cell } satisfies LanguageRequest);
    return worker;
  }

  /** Ends a thread that is lost in one question, so that the next one is answered. */
  #watch(worker: Worker, id: number): void {
    const watch = (): void => {
      if (this.#waiting.has(id)) void worker.terminate();
    };
    setTimeout(watch, LONGEST_ANSWER_MS).unref();
  }

  #settle(reply: LanguageReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("answer" in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(new LabelfreeError("kernel/language-failed", `language service: ${reply.error}`));
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(stopped(reason));
  }
}

function stopped(reason: string): LabelfreeError {
  return new LabelfreeError("kernel/language-stopped", `language service: got no answer, ${reason}`);
}
