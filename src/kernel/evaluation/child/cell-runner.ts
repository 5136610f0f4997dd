// One cell after the other (or beside, where subshells ask): transform, import, run, show, report. What waits for a
// promise here may be cut by an interrupt; interrupt() itself then ends the cells, so that none hangs.

import * as display from "../../display/index.ts";
import type { Request } from "../messages.ts";
import type { Position } from "../transform/position.ts";
import { type CellScript, type Script, transformCell } from "../transform/cell.ts";
import { CodeSyntaxError, loadParser, positionAt } from "../transform/syntax.ts";
import type { ErrorReport, ExecuteRequest, MimeBundle, OutputEvent, UserExpressionOutcome } from "../types.ts";
import { clearAsyncIds } from "../async-ids.ts";
import { Cell, currentCell } from "./cell.ts";
import type { Channel } from "./channel.ts";
import { Comms } from "./comms.ts";
import { debugView } from "./debug-view.ts";
import { liftDoom, terminateWhenPossible } from "./critical.ts";
import { Interrupted, INTERRUPTED_REPORT, toErrorReport } from "./error-report.ts";
import { boundValue, type ImportBinding, Notebook, RUNTIME } from "./notebook.ts";
import { notebookRequire } from "./package-imports.ts";
import { type Completion, ScriptRunner } from "./script-runner.ts";
import { HEARD, isInterrupted, SYNC_CHILD, VISITS } from "./shared-words.ts";
import { whereInterrupted, placeOf, rememberSource, type ScriptSource } from "./stack-trace.ts";

export interface RunnerParts {
  readonly channel: Channel;
  readonly words: Int32Array;
  readonly folder: string;
  readonly packageRoot: string;
}

/** How often the control thread must have come in vain before what runs is cut there. */
const TRIES_BEFORE_CUT = { foreign: 0, between: 4, nowhere: 12, internal: Number.POSITIVE_INFINITY };

/** What cells have at hand without an import. */
const displays = {
  display: display.display,
  clearOutput: display.clearOutput,
  html: display.html,
  markdown: display.markdown,
  latex: display.latex,
  svg: display.svg,
  png: display.png,
  json: display.json,
  vegaLite: display.vegaLite,
  progress: display.progress,
};

/** A cell has failed; the report is for the notebook. */
class CellFailure extends Error {
  readonly report: ErrorReport;
  readonly isInterrupt: boolean;

  constructor(report: ErrorReport, isInterrupt = false) {
    super(report.evalue);
    this.report = report;
    this.isInterrupt = isInterrupt;
  }
}

export class CellRunner {
  readonly #channel: Channel;
  readonly #words: Int32Array;
  readonly #notebook: Notebook;
  readonly #scripts = new ScriptRunner(RUNTIME);
  readonly #running = new Set<Cell>();
  readonly #results = new Map<number, { readonly value: unknown }>();
  readonly #resources = new Map<number, (() => unknown)[]>();
  readonly #comms = new Comms((event) => this.#output(currentCell.getStore()?.id ?? this.lastCell, event));
  /** Executions that were interrupted before they came here. */
  readonly #unbegun = new Set<number>();
  #lastExecution = 0;
  #serial = 0;
  #namelessScripts = 0;
  #bound: readonly unknown[] = [];
  lastCell = "";

  constructor({ channel, words, folder, packageRoot }: RunnerParts) {
    this.#channel = channel;
    this.#words = words;
    this.#notebook = new Notebook(folder, packageRoot);
  }

  start(): void {
    this.#installGlobals();
    this.#scripts.start();
    display.setDisplaySink((event) => this.#output(currentCell.getStore()?.id ?? this.lastCell, event));
    process.on("uncaughtException", (error) => this.#reportStray(error));
    process.on("unhandledRejection", (error) => this.#reportStray(error));
    setImmediate(loadParser);
  }

  handle(request: Request): void {
    if (request.type === "execute") this.#execute(request.id, request.request);
    else {
      const cell = this.#cellOf(request.cell);
      currentCell.run(cell, () => this.#scripts.guard(() => this.#comms.take(request.message)));
    }
  }

  /** Ends every cell that runs. Called from the event loop, so none of them is inside its own JavaScript now. */
  interrupt(id: number, executions: readonly number[]): void {
    Atomics.store(this.#words, SYNC_CHILD, 0); // the call that waited may have been cut before it could say so
    Atomics.store(this.#words, HEARD, id);
    for (const execution of executions) if (execution > this.#lastExecution) this.#unbegun.add(execution);
    for (const cell of [...this.#running]) {
      cell.isAbandoned = true;
      for (const timer of cell.timers) clearTimeout(timer);
      this.#fail(cell, INTERRUPTED_REPORT, true);
    }
  }

  #installGlobals(): void {
    const runtime = {
      catcher: this.#scripts.catcher,
      terminate: (tries: number) => this.#terminate(tries),
      check: () => {
        if (currentCell.getStore()?.isAbandoned) throw new Interrupted("the cell was interrupted");
      },
      result: (serial: number, value: unknown): void => {
        this.#results.set(serial, { value });
      },
      constant: (name: string): never => {
        throw new TypeError(`Assignment to constant variable. (${name})`);
      },
      import: (specifier: string, options?: { with?: Record<string, string> }) =>
        this.#notebook.import(String(specifier), options?.with),
      meta: this.#notebook.meta,
      debug: debugView,
      bound: (index: number): unknown => this.#bound[index],
      use: <Resource>(serial: number, resource: Resource): Resource => this.#use(serial, resource, false),
      useAsync: <Resource>(serial: number, resource: Resource): Resource => this.#use(serial, resource, true),
    };
    Object.defineProperty(globalThis, RUNTIME, { value: Object.freeze(runtime) });
    const { folder, packageRoot } = this.#notebook;
    const conveniences = {
      require: notebookRequire(folder, packageRoot),
      module: { exports: {} },
      exports: {},
      __dirname: folder,
      __filename: this.#notebook.meta.filename,
      comms: this.#comms,
      ...displays,
    };
    for (const [name, value] of Object.entries(conveniences)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
  }

  #execute(id: number, request: ExecuteRequest): void {
    const cell = new Cell(request, (outcome) => {
      this.#running.delete(cell);
      this.#channel.synchronize(cell.id);
      this.#channel.send({ type: "done", id, outcome });
    });
    this.lastCell = cell.id;
    this.#lastExecution = id;
    this.#running.add(cell);
    if (this.#unbegun.delete(id)) return this.#fail(cell, INTERRUPTED_REPORT, true);
    this.#channel.synchronize(cell.id);
    currentCell.run(cell, () => void this.#run(cell));
  }

  async #run(cell: Cell): Promise<void> {
    const { request } = cell;
    try {
      await this.#refresh();
      const value = await this.#evaluate(cell, request.code, this.#scriptName(request), !request.silent);
      if (value !== undefined) await this.#showResult(cell, value.value);
      const userExpressions = await this.#userExpressions(cell);
      cell.finish({ status: "ok", userExpressions });
    } catch (error) {
      if (isInterrupted(this.#words)) this.#fail(cell, INTERRUPTED_REPORT, true);
      else if (error instanceof CellFailure) this.#fail(cell, error.report, error.isInterrupt);
      else this.#fail(cell, toErrorReport(error), false);
    } finally {
      cell.isAbandoned = false;
    }
  }

  /** The cell of an id, or one that has ended, under whose name output goes. */
  #cellOf(id: string): Cell {
    for (const cell of this.#running) if (cell.id === id) return cell;
    const request: ExecuteRequest = {
      cell: id,
      executionCount: 0,
      code: "",
      silent: false,
      allowStdin: false,
      userExpressions: {},
      subshell: null,
    };
    return new Cell(request, () => {});
  }

  #fail(cell: Cell, error: ErrorReport, aborted: boolean): void {
    cell.finish({ status: "error", error, aborted });
  }

  #scriptName(request: ExecuteRequest): string {
    return request.silent ? `silent[${++this.#namelessScripts}].ts` : `cell[${request.executionCount}].ts`;
  }

  /** Runs code in the notebook's scope; the value of its last expression, where it has one to show. */
  async #evaluate(
    cell: Cell,
    code: string,
    name: string,
    wantsResult: boolean,
  ): Promise<{ value: unknown } | undefined> {
    const serial = ++this.#serial;
    const source: ScriptSource = { name, code, toCell: (position) => position };
    const script = this.#transform(source, serial, wantsResult);
    try {
      await this.#import(script, source);
      for (const part of script.hoisted === undefined ? [script.main] : [script.hoisted, script.main]) {
        await this.#runScript(part, source);
      }
      this.#notebook.declare(script);
      return this.#results.get(serial);
    } finally {
      this.#results.delete(serial);
      await this.#dispose(cell, serial);
    }
  }

  #transform(source: ScriptSource, serial: number, wantsResult: boolean): CellScript {
    try {
      return transformCell(source.code, this.#notebook.options(serial, wantsResult));
    } catch (error) {
      if (!(error instanceof CodeSyntaxError)) throw error;
      rememberSource(source);
      const position = positionAt(source.code, error.start);
      throw new CellFailure(syntaxReport(error, source, position));
    }
  }

  async #import(script: CellScript, source: ScriptSource): Promise<void> {
    if (script.imports.length === 0) return;
    rememberSource(source);
    const bindings: ImportBinding[] = [];
    for (const item of script.imports) {
      try {
        bindings.push(...(await this.#notebook.bindings(item)));
      } catch (error) {
        const isLocated = error instanceof Error && placeOf(String(error.stack)) !== undefined;
        throw new CellFailure(toErrorReport(error, isLocated ? undefined : { source, position: item.position }));
      }
    }
    await this.#assign(this.#notebook.place(bindings), "let ");
  }

  /** Makes edited modules known to the cell that is about to run. */
  async #refresh(): Promise<void> {
    await this.#notebook.modules.refresh((error) => this.#reportStray(error));
    await this.#assign(this.#notebook.staleMirrors(), "");
  }

  async #assign(bindings: readonly ImportBinding[], keyword: "let " | ""): Promise<void> {
    if (bindings.length === 0) return;
    this.#bound = bindings.map(boundValue);
    const names = bindings.map(({ local }, index) => `${local}=${RUNTIME}.bound(${index})`);
    const text = `${keyword}${names.join(",")};`;
    const toCell = (position: Position): Position => position;
    await this.#runScript({ text, toCell }, { name: "node:internal/labelfree-import", code: text, toCell });
  }

  #runScript(script: Script, source: ScriptSource): Promise<void> {
    rememberSource({ name: source.name, code: source.code, toCell: (position) => script.toCell(position) });
    return new Promise((resolve, reject) => {
      this.#scripts.run(script.text, source.name, (completion) => {
        if (completion.kind === "value") resolve();
        else reject(failureOf(completion, source, script));
      });
    });
  }

  async #showResult(cell: Cell, value: unknown): Promise<void> {
    if (value === undefined) return;
    const bundle = display.toMimeBundle(value);
    const { data, metadata } = (await bundle.pending) ?? bundle;
    if (Object.keys(data).length > 0) this.#output(cell.id, { type: "result", data, metadata });
  }

  async #userExpressions(cell: Cell): Promise<Record<string, UserExpressionOutcome>> {
    const outcomes: Record<string, UserExpressionOutcome> = {};
    for (const [key, code] of Object.entries(cell.request.userExpressions)) {
      try {
        const value = await this.#evaluate(cell, code, `expression[${++this.#namelessScripts}].ts`, true);
        const { data, metadata } = display.toMimeBundle(value?.value);
        outcomes[key] = { status: "ok", data, metadata };
      } catch (error) {
        if (error instanceof CellFailure && error.isInterrupt) throw error;
        outcomes[key] = { status: "error", ...(error instanceof CellFailure ? error.report : toErrorReport(error)) };
      }
    }
    return outcomes;
  }

  #use<Resource>(serial: number, resource: Resource, isAsync: boolean): Resource {
    if (resource === null || resource === undefined) return resource;
    const holder = resource as { [Symbol.dispose]?: () => void; [Symbol.asyncDispose]?: () => unknown };
    const dispose = (isAsync ? holder[Symbol.asyncDispose] : undefined) ?? holder[Symbol.dispose];
    if (typeof dispose !== "function") throw new TypeError("Object is not disposable.");
    const list = this.#resources.get(serial) ?? [];
    list.push(() => Reflect.apply(dispose, resource, []));
    this.#resources.set(serial, list);
    return resource;
  }

  async #dispose(_cell: Cell, serial: number): Promise<void> {
    const list = this.#resources.get(serial);
    if (list === undefined) return;
    this.#resources.delete(serial);
    for (const dispose of list.reverse()) await dispose();
  }

  #output(cell: string, event: OutputEvent): void {
    this.#channel.send({ type: "output", cell, event: toCloneable(event) });
  }

  #reportStray(error: unknown): void {
    const cell = currentCell.getStore();
    if (error instanceof Interrupted && cell !== undefined) return;
    this.#output(cell?.id ?? this.lastCell, { type: "error", error: toErrorReport(error) });
  }

  /** Called by the control thread inside whatever JavaScript runs. */
  #terminate(tries: number): void {
    Atomics.add(this.#words, VISITS, 1);
    liftDoom();
    if (!isInterrupted(this.#words) || tries < TRIES_BEFORE_CUT[whereInterrupted()]) return;
    terminateWhenPossible(() => {
      if (!isInterrupted(this.#words)) return false;
      clearAsyncIds();
      this.#scripts.terminate();
      return true;
    });
  }
}

function failureOf(
  completion: Exclude<Completion, { kind: "value" }>,
  source: ScriptSource,
  script: Script,
): CellFailure {
  if (completion.kind === "terminated") return new CellFailure(INTERRUPTED_REPORT, true);
  if (completion.kind === "lost") {
    const error = new Error("the cell awaits something that can never happen: nothing holds its promise any more");
    return new CellFailure(toErrorReport(error));
  }
  const { thrown, details } = completion;
  if (thrown instanceof Interrupted) return new CellFailure(INTERRUPTED_REPORT, true);
  const isEarly = thrown instanceof SyntaxError && details.scriptId !== "" && details.stackTrace === undefined;
  const position = script.toCell({ line: details.lineNumber + 1, column: details.columnNumber + 1 });
  return new CellFailure(isEarly ? syntaxReport(thrown, source, position) : toErrorReport(thrown));
}

function syntaxReport(error: Error, source: ScriptSource, position: { line: number; column: number }): ErrorReport {
  const plain = new SyntaxError(error.message);
  plain.stack = `SyntaxError: ${error.message}`;
  return toErrorReport(plain, { source, position });
}

/** Display data may hold what cannot be cloned (functions, proxies): then as JSON. */
function toCloneable(event: OutputEvent): OutputEvent {
  if (event.type !== "display" && event.type !== "result") return event;
  try {
    structuredClone(event.data);
    return event;
  } catch {
    return { ...event, data: JSON.parse(JSON.stringify(event.data)) as MimeBundle };
  }
}
