import { stripVTControlCharacters } from "node:util";
import { afterAll } from "vitest";
import { startEvaluator } from "../../../src/kernel/evaluation/evaluator.ts";
import type {
  DeathReason,
  Evaluator,
  EvaluatorOptions,
  ExecuteOutcome,
  ExecuteRequest,
  InputRequest,
  OutputEvent,
} from "../../../src/kernel/evaluation/types.ts";

/** A notebook without a frontend: runs cells and keeps what they put out. */
export interface TestNotebook {
  readonly evaluator: Evaluator;
  readonly outputs: { readonly cell: string; readonly event: OutputEvent }[];
  readonly deaths: DeathReason[];
  answer: (request: InputRequest) => Promise<string>;
  /** Runs a cell; ids are cell-1, cell-2 and so on. */
  run(code: string, more?: Partial<ExecuteRequest>): Promise<ExecuteOutcome>;
  /** text/plain of the cell's result, without colours; undefined where there was none. */
  value(code: string): Promise<string | undefined>;
  /** The error report's text, without colours. */
  error(code: string): Promise<string>;
  /** Text that the cell put out. */
  text(cell: string, name?: "stdout" | "stderr"): string;
  readonly lastCell: string;
}

export async function startNotebook(options: Partial<EvaluatorOptions> = {}): Promise<TestNotebook> {
  let count = 0;
  const outputs: { cell: string; event: OutputEvent }[] = [];
  const deaths: DeathReason[] = [];
  const evaluator = await startEvaluator({
    cwd: process.cwd(),
    ...options,
    events: {
      output: (cell, event) => void outputs.push({ cell, event }),
      input: (_cell, request) => notebook.answer(request),
      died: (reason) => void deaths.push(reason),
    },
  });
  afterAll(() => evaluator.shutdown());
  const notebook: TestNotebook = {
    evaluator,
    outputs,
    deaths,
    answer: () => Promise.reject(new Error("nobody answers")),
    get lastCell() {
      return `cell-${count}`;
    },
    run(code, more = {}) {
      count++;
      return evaluator.execute({
        cell: `cell-${count}`,
        executionCount: count,
        code,
        silent: false,
        allowStdin: true,
        userExpressions: {},
        subshell: null,
        ...more,
      });
    },
    async value(code) {
      const outcome = await notebook.run(code);
      if (outcome.status === "error") throw new Error(plain(outcome.error.traceback.join("\n")));
      const result = outputs.find(({ cell, event }) => cell === notebook.lastCell && event.type === "result")?.event;
      return result?.type === "result" ? plain(String(result.data["text/plain"])) : undefined;
    },
    async error(code) {
      const outcome = await notebook.run(code);
      if (outcome.status === "ok") throw new Error(`expected a failure of ${code}`);
      return plain(outcome.error.traceback.join("\n"));
    },
    text(cell, name) {
      return outputs
        .filter((output) => output.cell === cell)
        .map(({ event }) => (event.type === "stream" && (name ?? event.name) === event.name ? event.text : ""))
        .join("");
    },
  };
  return notebook;
}

export function plain(text: string): string {
  return stripVTControlCharacters(text);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds. */
export async function until(holds: () => boolean, limitMs = 5_000): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(5)) {
    if (performance.now() - start > limitMs) throw new Error(`not within ${limitMs} ms: ${holds}`);
  }
}
