// The Debug Adapter Protocol (https://microsoft.github.io/debug-adapter-protocol/specification, with Jupyter's own
// requests) over V8's inspector. Runs beside the thread of the cells. Each script is held before its first statement
// until its breakpoints are set; a step that ends outside the user's code goes on to where that code is again.

import type { Debugger, Runtime } from "node:inspector";
import { Breakpoints } from "./breakpoints.ts";
import { InspectedThread, UNDISTURBED } from "./inspected-thread.ts";
import { CELL_PATHS, Sources } from "./sources.ts";
import { Variables } from "./variables.ts";

type Json = Readonly<Record<string, unknown>>;

const THREAD = { id: 1, name: "cells" };
const HELD = "instrumentation";
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const STEPS: Readonly<Record<string, string>> = {
  next: "Debugger.stepOver",
  stepIn: "Debugger.stepInto",
  stepOut: "Debugger.stepOut",
  continue: "Debugger.resume",
};

export class CellDebugger {
  readonly #emit: (event: Json) => void;
  readonly #thread = new InspectedThread();
  readonly #variables = new Variables(this.#thread);
  #sources = new Sources(this.#thread);
  #breakpoints = new Breakpoints(this.#thread, this.#sources);
  #frames: readonly Debugger.CallFrame[] | undefined; // of the stop that the client knows of
  #isStarted = false;
  #isAttached = false;
  #wantsPause = false;
  #sent = 0;

  /** `emit` gets the events. */
  constructor(emit: (event: Json) => void) {
    this.#emit = emit;
    this.#thread.on("Debugger.scriptParsed", ({ scriptId, url }: Debugger.ScriptParsedEventDataType) =>
      this.#sources.parsed(scriptId, url),
    );
    this.#thread.on("Debugger.paused", (stop: Debugger.PausedEventDataType) => {
      this.#paused(stop).catch(() => this.#thread.call("Debugger.resume").catch(() => undefined));
    });
    this.#thread.on("Debugger.resumed", () => this.#resumed());
  }

  /** The response to a request; a request that cannot be answered gets one that says why. */
  async handle(request: Json): Promise<Json> {
    const { command, seq } = request;
    const args = isJson(request.arguments) ? request.arguments : {};
    const base = { type: "response", seq: ++this.#sent, request_seq: seq, command };
    try {
      const handler = Object.hasOwn(this.#handlers, String(command)) && this.#handlers[String(command)];
      if (!handler) throw new Error(`there is no request ${String(command)}`);
      return { ...base, success: true, body: (await handler(args)) ?? {} };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ...base, success: false, message, body: {} };
    }
  }

  /** Lets the thread run past all breakpoints, for an interrupt to end it. */
  async release(): Promise<void> {
    await this.#setActive(false);
    if (this.#frames !== undefined) await this.#thread.call("Debugger.resume").catch(() => undefined); // it runs already
  }

  /** Breakpoints count again, after the interrupt. */
  rearm(): Promise<void> {
    return this.#setActive(true);
  }

  readonly #handlers: Readonly<Record<string, (args: Json) => Promise<Json | undefined> | Json | undefined>> = {
    initialize: () => {
      this.#isStarted = true;
      return {
        supportsConfigurationDoneRequest: true,
        supportsConditionalBreakpoints: true,
        supportsEvaluateForHovers: true,
        exceptionBreakpointFilters: [],
      };
    },
    attach: () => this.#attach(),
    configurationDone: () => undefined,
    disconnect: () => this.#detach(),
    terminate: () => this.#detach(),
    debugInfo: () => ({
      ...CELL_PATHS,
      isStarted: this.#isStarted,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#frames === undefined ? [] : [THREAD.id],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: false,
    }),
    dumpCell: ({ code }) => ({ sourcePath: this.#sources.add(String(code)) }),
    source: ({ source }) => {
      const path = pathOf(source);
      const content = this.#sources.codeOf(path);
      if (content === undefined) throw new Error(`source: there is none at ${path}`);
      return { content };
    },
    setBreakpoints: async ({ source, breakpoints }) => {
      this.#mustBeAttached();
      const asked = (Array.isArray(breakpoints) ? breakpoints : []).filter(isJson).map(({ line, condition }) => ({
        line: Number(line),
        ...(typeof condition === "string" && condition !== "" ? { condition } : {}),
      }));
      const set = await this.#breakpoints.replace(pathOf(source), asked);
      return { breakpoints: set.map(({ line }) => ({ verified: true, line, source })) };
    },
    setExceptionBreakpoints: ({ filters }) => {
      if (Array.isArray(filters) && filters.length > 0) throw new Error("stops at exceptions are not supported");
      return { breakpoints: [] };
    },
    threads: () => ({ threads: [THREAD] }),
    stackTrace: ({ startFrame, levels }) => this.#stackTrace(Number(startFrame ?? 0), Number(levels ?? 0)),
    scopes: ({ frameId }) => ({ scopes: this.#scopes(this.#frame(frameId)) }),
    variables: async ({ variablesReference, start, count }) => {
      const reference = Number(variablesReference);
      return { variables: await this.#variables.members(reference, Number(start ?? 0), Number(count ?? 0)) };
    },
    evaluate: async ({ expression, frameId }) => {
      const value = await this.#evaluate(String(expression), frameId);
      const { value: result, type, variablesReference } = this.#variables.show("", value);
      return { result, variablesReference, ...(type === undefined ? {} : { type }) };
    },
    inspectVariables: async () => ({ variables: await this.#notebookVariables() }),
    richInspectVariables: async ({ variableName, frameId }) => {
      const name = String(variableName);
      if (!IDENTIFIER.test(name)) throw new Error(`richInspectVariables: got ${name}, expected a variable's name`);
      const { value } = await this.#evaluate(`__labelfree.debug.bundle(${name})`, frameId, { returnByValue: true });
      return value as Json;
    },
    modules: async () => {
      const modules = await this.#sources.modules();
      const shown = modules.map(({ path }, index) => ({ id: index + 1, name: path.replace(/^.*[\\/]/, ""), path }));
      return { modules: shown, totalModules: shown.length };
    },
    pause: async () => {
      this.#mustBeAttached();
      this.#wantsPause = true;
      await this.#thread.call("Debugger.pause");
      return undefined;
    },
    ...Object.fromEntries(
      Object.entries(STEPS).map(([command, method]) => [
        command,
        async () => {
          if (this.#frames === undefined) throw new Error(`${command}: the cells are not stopped`);
          await this.#thread.call(method);
          return command === "continue" ? { allThreadsContinued: true } : undefined;
        },
      ]),
    ),
  };

  async #setActive(active: boolean): Promise<void> {
    if (!this.#isAttached) return;
    await this.#thread.call("Debugger.setBreakpointsActive", { active }).catch(() => undefined); // detached meanwhile
  }

  async #attach(): Promise<undefined> {
    if (!this.#isStarted) throw new Error("attach: expected initialize before");
    if (this.#isAttached) return;
    await this.#thread.call("Debugger.enable");
    await this.#thread.call("Debugger.setBlackboxPatterns", { patterns: ["^node:", "/node_modules/", "^evalmachine"] });
    await this.#thread.call("Debugger.setInstrumentationBreakpoint", { instrumentation: "beforeScriptExecution" });
    this.#isAttached = true;
    this.#event("initialized");
  }

  async #detach(): Promise<undefined> {
    if (this.#isAttached) await this.#thread.call("Debugger.disable"); // runs on, where it was stopped
    this.#isAttached = false;
    this.#isStarted = false;
    this.#frames = undefined;
    this.#variables.clear();
    this.#sources = new Sources(this.#thread);
    this.#breakpoints = new Breakpoints(this.#thread, this.#sources);
  }

  async #paused({ reason, data, callFrames, hitBreakpoints = [] }: Debugger.PausedEventDataType): Promise<void> {
    if (reason === HELD) {
      await this.#breakpoints.place(String((data as Json | undefined)?.scriptId));
      return void (await this.#thread.call("Debugger.resume"));
    }
    const owners = await Promise.all(callFrames.map(({ location }) => this.#sources.of(location.scriptId)));
    if (owners[0] === undefined) {
      const isCalledByUser = owners.some((owner) => owner !== undefined);
      return void (await this.#thread.call(isCalledByUser ? "Debugger.stepOut" : "Debugger.resume"));
    }
    this.#frames = callFrames;
    const why = hitBreakpoints.length > 0 ? "breakpoint" : this.#wantsPause ? "pause" : "step";
    this.#wantsPause = false;
    this.#event("stopped", { reason: why, threadId: THREAD.id, allThreadsStopped: true });
  }

  #resumed(): void {
    if (this.#frames === undefined) return; // the client never heard of the stop
    this.#frames = undefined;
    this.#variables.clear();
    this.#event("continued", { threadId: THREAD.id, allThreadsContinued: true });
  }

  async #stackTrace(start: number, levels: number): Promise<Json> {
    const frames = this.#frames ?? [];
    const shown: Json[] = [];
    for (const [index, { functionName, location }] of frames.entries()) {
      const source = await this.#sources.of(location.scriptId);
      if (source === undefined) continue;
      const compiled = { line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 };
      const [position] = await this.#sources.toSource(source, [compiled]);
      const fileName = source.path.replace(/^.*[\\/]/, "");
      const name = functionName === "" ? source.name.replace(/\.ts$/, "") : functionName;
      shown.push({ id: index + 1, name, ...position, source: { name: fileName, path: source.path } });
    }
    return { stackFrames: shown.slice(start, levels > 0 ? start + levels : undefined), totalFrames: shown.length };
  }

  #frame(id: unknown): Debugger.CallFrame {
    const frame = this.#frames?.[Number(id) - 1];
    if (frame === undefined) throw new Error(`there is no frame ${String(id)} now`);
    return frame;
  }

  /** The blocks around a statement and its function are one scope; then what the function closes over, then the rest. */
  #scopes({ scopeChain }: Debugger.CallFrame): readonly Json[] {
    const idsOf = (types: readonly string[]) =>
      scopeChain.flatMap(({ type, object }) => (types.includes(type) ? (object.objectId ?? []) : []));
    const groups: readonly (readonly [string, readonly string[]])[] = [
      ["Locals", idsOf(["block", "catch", "with", "eval", "local"])],
      ["Closure", idsOf(["closure"])],
      ["Module", idsOf(["module"])],
      ["Notebook", idsOf(["script"])],
    ];
    return groups.flatMap(([name, ids]) =>
      ids.length === 0 ? [] : { name, variablesReference: this.#variables.refer(ids), expensive: false },
    );
  }

  async #evaluate(expression: string, frameId: unknown, options: Json = {}): Promise<Runtime.RemoteObject> {
    const isInFrame = this.#frames !== undefined && frameId !== undefined && frameId !== null;
    const { result, exceptionDetails } = await this.#thread.call<Runtime.EvaluateReturnType>(
      isInFrame ? "Debugger.evaluateOnCallFrame" : "Runtime.evaluate",
      isInFrame
        ? { callFrameId: this.#frame(frameId).callFrameId, expression, silent: true, ...options }
        : { expression, replMode: true, ...UNDISTURBED, ...options },
    );
    if (exceptionDetails === undefined) return result;
    throw new Error(exceptionDetails.exception?.description?.split("\n    at ")[0] ?? exceptionDetails.text);
  }

  async #notebookVariables(): Promise<readonly Json[]> {
    if (this.#frames === undefined) this.#variables.clear();
    const { names } = await this.#thread.call<{ names: string[] }>("Runtime.globalLexicalScopeNames");
    const shown = names.map(async (name) => {
      const value = await this.#evaluate(name, undefined).catch(() => undefined); // declared, but never reached
      return value === undefined ? [] : [this.#variables.show(name, value)];
    });
    return (await Promise.all(shown)).flat() as unknown as readonly Json[];
  }

  #mustBeAttached(): void {
    if (!this.#isAttached) throw new Error("expected initialize and attach before");
  }

  #event(event: string, body: Json = {}): void {
    this.#emit({ type: "event", seq: ++this.#sent, event, body });
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pathOf(source: unknown): string {
  if (isJson(source) && typeof source.path === "string") return source.path;
  throw new Error("source: got no path");
}
