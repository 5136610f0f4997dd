// An evaluator whose cells are scripts for it: one instruction a line, so that a test says what the child does.

import type {
  CommEvent,
  Evaluator,
  EvaluatorEvents,
  ExecuteOutcome,
  ExecuteRequest,
} from "../../../src/kernel/evaluation/types.ts";

export interface FakeEvaluator extends Evaluator {
  readonly executed: ExecuteRequest[];
  readonly comms: CommEvent[];
  isDown: boolean;
  die(message: string): void;
}

/** Instructions: `out TEXT`, `err TEXT`, `show TEXT`, `value TEXT`, `lines N`, `ask PROMPT`, `wait`, `throw TEXT`, `clear`. */
export function fakeEvaluator(events: EvaluatorEvents): FakeEvaluator {
  let stopWaiting: ((reason?: string) => void) | undefined;
  const run = async (request: ExecuteRequest): Promise<ExecuteOutcome> => {
    const emit = (event: Parameters<EvaluatorEvents["output"]>[1]) => events.output(request.cell, event);
    for (const line of request.code.split("\n")) {
      const [instruction, ...rest] = line.split(" ");
      const text = rest.join(" ");
      const plain = { data: { "text/plain": text }, metadata: {} };
      if (instruction === "out") emit({ type: "stream", name: "stdout", text: `${text}\n` });
      if (instruction === "err") emit({ type: "stream", name: "stderr", text: `${text}\n` });
      if (instruction === "show") emit({ type: "display", ...plain, displayId: "d1" });
      if (instruction === "value") emit({ type: "result", ...plain });
      if (instruction === "clear") emit({ type: "clear", wait: false });
      if (instruction === "lines") {
        for (let n = 0; n < Number(text); n++) emit({ type: "stream", name: "stdout", text: `line ${n}\n` });
      }
      if (instruction === "ask") {
        const answer = await events.input(request.cell, { prompt: text, password: true });
        emit({ type: "stream", name: "stdout", text: `answer ${answer}\n` });
      }
      if (instruction === "open") emit({ type: "comm_open", commId: text, targetName: "target", data: { n: 1 } });
      if (instruction === "throw") {
        return {
          status: "error",
          error: { ename: "Error", evalue: text, traceback: [`Error: ${text}`] },
          aborted: false,
        };
      }
      if (instruction === "wait") {
        const reason = await new Promise<string>((resolve) => {
          stopWaiting = (text = "interrupted") => resolve(text);
        });
        const error = { ename: "Interrupted", evalue: reason, traceback: [reason] };
        return { status: "error", error, aborted: true };
      }
    }
    const userExpressions = Object.fromEntries(
      Object.entries(request.userExpressions).map(([name, expression]) => [
        name,
        { status: "ok" as const, data: { "text/plain": expression }, metadata: {} },
      ]),
    );
    return { status: "ok", userExpressions };
  };
  const fake: FakeEvaluator = {
    executed: [],
    comms: [],
    isDown: false,
    execute(request) {
      fake.executed.push(request);
      return run(request);
    },
    async interrupt() {
      stopWaiting?.();
    },
    commMessage(message) {
      fake.comms.push(message);
    },
    memory: async () => ({ rssBytes: 1000, heapBytes: 500 }),
    debug: async ({ seq, command }) => {
      events.debug?.({ type: "event", event: "stopped" });
      return { type: "response", request_seq: seq, command, success: false };
    },
    restart: async () => undefined,
    async shutdown() {
      fake.isDown = true;
    },
    die(message) {
      stopWaiting?.(message);
      events.died({ kind: "crash", message, code: 1, signal: null });
    },
  };
  return fake;
}
