import { describe, expect, test } from "vitest";
import { openDesk, type Sent } from "./desk.ts";
import { fakeEvaluator } from "./fake-evaluator.ts";

const types = (messages: readonly Sent[]) =>
  messages.map(({ type, content }) => (type === "status" ? String(content.execution_state) : type));
const replyOf = (messages: readonly Sent[]) =>
  messages.find(({ channel }) => channel === "shell" || channel === "control")?.content;

describe("a cell", () => {
  test("is enclosed by busy and idle, with its input first and its output in order", async () => {
    const desk = await openDesk();
    const messages = await desk.finished(desk.execute("out a\nout b\nerr c\nshow d\nout e\nvalue 42"));
    expect(types(messages)).toEqual([
      "busy",
      "execute_input",
      "stream",
      "stream",
      "display_data",
      "stream",
      "execute_result",
      "execute_reply",
      "idle",
    ]);
    expect(messages[1].content).toEqual({ code: "out a\nout b\nerr c\nshow d\nout e\nvalue 42", execution_count: 1 });
    expect(messages[2].content).toEqual({ name: "stdout", text: "a\nb\n" });
    expect(messages[3].content).toEqual({ name: "stderr", text: "c\n" });
    expect(messages[4].content.transient).toEqual({ display_id: "d1" });
    expect(messages[6].content).toEqual({ execution_count: 1, data: { "text/plain": "42" }, metadata: {} });
    expect(replyOf(messages)).toEqual({ status: "ok", execution_count: 1, payload: [], user_expressions: {} });
  });

  test("of 100,000 lines loses none and needs few messages", async () => {
    const desk = await openDesk({ outputLimitBytes: 1e8 });
    const messages = await desk.finished(desk.execute("lines 100000"));
    const streams = messages.filter(({ type }) => type === "stream");
    const lines = Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`);
    expect(streams.map(({ content }) => content.text).join("")).toBe(lines.join(""));
    expect(streams.length).toBeLessThan(100);
    expect(types(messages).at(-1)).toBe("idle");
  });

  test("beyond the output limit is cut with a notice and goes on", async () => {
    const desk = await openDesk({ outputLimitBytes: 1000 });
    const messages = await desk.finished(desk.execute("lines 1000\nshow big\nvalue 1"));
    const text = messages.filter(({ type }) => type === "stream").map(({ content }) => content.text);
    expect(String(text[0])).toHaveLength(1000);
    expect(text.join("")).toContain("output of this cell is cut here");
    expect(text).toHaveLength(2);
    expect(types(messages)).not.toContain("display_data");
    expect(types(messages)).toContain("execute_result");
  });

  test("that is silent publishes nothing but its status and keeps the counter", async () => {
    const desk = await openDesk();
    const messages = await desk.finished(desk.execute("out a\nvalue 1\nthrow x", { silent: true }));
    expect(types(messages)).toEqual(["busy", "execute_reply", "idle"]);
    expect(replyOf(messages)?.execution_count).toBe(0);
    expect(replyOf(messages)?.status).toBe("error");
  });

  test("without store_history takes no number and no place in the history", async () => {
    const desk = await openDesk();
    await desk.finished(desk.execute("value 1", { store_history: false }));
    const second = replyOf(await desk.finished(desk.execute("value 2")));
    expect(second?.execution_count).toBe(1);
    const id = desk.send("shell", "history_request", { hist_access_type: "tail", n: 5, output: true });
    expect(replyOf(await desk.finished(id))?.history).toEqual([[1, 1, ["value 2", "2"]]]);
  });

  test("that raises publishes the error last and answers with it", async () => {
    const desk = await openDesk();
    const messages = await desk.finished(desk.execute("out a\nthrow no luck"));
    expect(types(messages)).toEqual(["busy", "execute_input", "stream", "error", "execute_reply", "idle"]);
    expect(replyOf(messages)).toMatchObject({ status: "error", ename: "Error", evalue: "no luck", execution_count: 1 });
  });

  test("without code is refused and leaves the kernel at work", async () => {
    const desk = await openDesk();
    const wrong = await desk.finished(desk.send("shell", "execute_request", { code: 5 }));
    expect(replyOf(wrong)).toMatchObject({ status: "error", ename: "kernel/bad-request" });
    expect(replyOf(await desk.finished(desk.execute("value 1")))?.status).toBe("ok");
  });

  test("evaluates the user expressions of its request", async () => {
    const desk = await openDesk();
    const messages = await desk.finished(desk.execute("value 1", { user_expressions: { a: "b", wrong: 3 } }));
    expect(replyOf(messages)?.user_expressions).toEqual({
      a: { status: "ok", data: { "text/plain": "b" }, metadata: {} },
    });
  });
});

describe("cells that wait", () => {
  test("are aborted after an error, those sent afterwards run", async () => {
    const desk = await openDesk();
    const first = desk.execute("throw x");
    const waiting = [desk.execute("value 1"), desk.execute("value 2")];
    await desk.finished(first);
    for (const id of waiting) {
      const messages = await desk.finished(id);
      expect(types(messages)).toEqual(["busy", "execute_reply", "idle"]);
      expect(replyOf(messages)).toEqual({ status: "aborted" });
    }
    expect(replyOf(await desk.finished(desk.execute("value 3")))?.status).toBe("ok");
    expect(desk.evaluator.executed.map(({ code }) => code)).toEqual(["throw x", "value 3"]);
  });

  test("run all the same with stop_on_error false", async () => {
    const desk = await openDesk();
    desk.execute("throw x", { stop_on_error: false });
    const messages = await desk.finished(desk.execute("value 1"));
    expect(replyOf(messages)?.status).toBe("ok");
  });

  test("are aborted by an interrupt, which is answered while the cell runs", async () => {
    const desk = await openDesk();
    const running = desk.execute("wait");
    const waiting = desk.execute("value 1");
    await desk.until(() => desk.evaluator.executed.length === 1);
    expect(replyOf(await desk.finished(desk.send("control", "interrupt_request")))).toEqual({ status: "ok" });
    expect(replyOf(await desk.finished(running))).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(replyOf(await desk.finished(waiting))).toEqual({ status: "aborted" });
  });
});

test("an interrupt stops a cell that has begun and not yet reached the child", async () => {
  let finish: (findings: []) => void = () => undefined;
  const diagnostics = () =>
    new Promise<[]>((resolve) => {
      finish = resolve;
    });
  const desk = await openDesk({ typeCheck: "block", language: { diagnostics } });
  const id = desk.execute("value 1");
  await desk.until(() => desk.sent.some(({ type }) => type === "execute_input"));
  await desk.server.interrupt();
  finish([]);
  expect(replyOf(await desk.finished(id))).toMatchObject({ status: "error", ename: "Interrupted" });
  expect(desk.evaluator.executed).toEqual([]);
});

describe("while a cell runs", () => {
  test("completion is answered, and busy is said again after its idle", async () => {
    const desk = await openDesk();
    const running = desk.execute("wait");
    const messages = await desk.finished(desk.send("shell", "complete_request", { code: "abc", cursor_pos: 2 }));
    expect(replyOf(messages)).toMatchObject({ status: "ok", matches: ["ab"], cursor_start: 0, cursor_end: 2 });
    await desk.until(() => desk.sent.filter(({ type }) => type === "status").at(-1)?.parent === running);
    expect(desk.sent.filter(({ type }) => type === "status").at(-1)?.content.execution_state).toBe("busy");
    await desk.server.interrupt();
    await desk.finished(running);
  });

  test("a subshell runs others, and its errors abort its own cells only", async () => {
    const desk = await openDesk();
    const running = desk.execute("wait");
    const created = await desk.finished(desk.send("control", "create_subshell_request"));
    const subshell = String(replyOf(created)?.subshell_id);
    const listed = await desk.finished(desk.send("control", "list_subshell_request"));
    expect(replyOf(listed)).toEqual({ status: "ok", subshell_id: [subshell] });
    const messages = await desk.finished(desk.execute("value 7", {}, { subshell }));
    expect(replyOf(messages)?.status).toBe("ok");
    expect(desk.evaluator.executed.at(-1)?.subshell).toBe(subshell);
    const failing = desk.execute("throw x", {}, { subshell });
    const aborted = desk.execute("value 8", {}, { subshell });
    await desk.finished(failing);
    expect(replyOf(await desk.finished(aborted))).toEqual({ status: "aborted" });
    const deleted = desk.send("control", "delete_subshell_request", { subshell_id: subshell });
    expect(replyOf(await desk.finished(deleted))).toEqual({ status: "ok" });
    const late = await desk.finished(desk.execute("value 9", {}, { subshell }));
    expect(replyOf(late)).toMatchObject({ status: "error", evalue: `there is no subshell ${subshell}` });
    await desk.server.interrupt();
    await desk.finished(running);
  });

  test("a question goes to the client that sent the cell, and only its answer counts", async () => {
    const desk = await openDesk();
    const id = desk.execute("out before\nask name?", { allow_stdin: true }, { client: "one" });
    await desk.until(() => desk.sent.some(({ type }) => type === "input_request"));
    const question = desk.sent.findIndex(({ type }) => type === "input_request");
    expect(desk.sent[question]).toMatchObject({
      channel: "stdin",
      client: "one",
      parent: id,
      content: { prompt: "name?", password: true },
    });
    expect(desk.sent.slice(0, question).some(({ type }) => type === "stream")).toBe(true);
    desk.send("stdin", "input_reply", { value: "stranger" }, { client: "two" });
    desk.send("stdin", "input_reply", { value: "stale" }, { client: "one", parent: { msg_id: "other" } });
    desk.send("stdin", "input_reply", { value: 5 }, { client: "one" });
    desk.send("stdin", "input_reply", { value: "Ada" }, { client: "one" });
    const messages = await desk.finished(id);
    const text = messages.filter(({ type }) => type === "stream").map(({ content }) => content.text);
    expect(text.join("")).toBe("before\nanswer Ada\n");
  });

  test("a question is given up at an interrupt, and never asked of a client without stdin", async () => {
    const desk = await openDesk();
    const asked = desk.execute("ask name?", { allow_stdin: true });
    await desk.until(() => desk.sent.some(({ type }) => type === "input_request"));
    await desk.server.interrupt();
    expect(replyOf(await desk.finished(asked))).toMatchObject({ status: "error", ename: "kernel/interrupted" });
    const never = await desk.finished(desk.execute("ask name?"));
    expect(replyOf(never)).toMatchObject({ status: "error", ename: "kernel/no-stdin" });
    expect(desk.sent.filter(({ type }) => type === "input_request")).toHaveLength(1);
  });
});

describe("comms", () => {
  test("are known from both sides until they close", async () => {
    const desk = await openDesk();
    await desk.finished(desk.execute("open k1"));
    const buffers = [Buffer.from([1, 2, 255])];
    const open = { comm_id: "c1", target_name: "widget", data: { x: 1 } };
    await desk.finished(desk.send("shell", "comm_open", open, { buffers }));
    expect(desk.evaluator.comms).toEqual([
      { type: "comm_open", commId: "c1", targetName: "widget", data: { x: 1 }, metadata: {}, buffers },
    ]);
    const info = async (content = {}) =>
      replyOf(await desk.finished(desk.send("shell", "comm_info_request", content)))?.comms;
    expect(await info()).toEqual({ k1: { target_name: "target" }, c1: { target_name: "widget" } });
    expect(await info({ target_name: "widget" })).toEqual({ c1: { target_name: "widget" } });
    await desk.finished(desk.send("shell", "comm_close", { comm_id: "c1", data: {} }));
    expect(await info()).toEqual({ k1: { target_name: "target" } });
  });

  test("that are open reach a cell that runs; new ones wait for it", async () => {
    const desk = await openDesk();
    await desk.finished(desk.send("shell", "comm_open", { comm_id: "c1", target_name: "t", data: {} }));
    const running = desk.execute("wait");
    await desk.finished(desk.send("shell", "comm_msg", { comm_id: "c1", data: 2 }));
    const late = desk.send("shell", "comm_open", { comm_id: "c2", target_name: "t", data: {} });
    expect(desk.evaluator.comms.map(({ commId }) => commId)).toEqual(["c1", "c1"]);
    await desk.server.interrupt();
    await desk.finished(running);
    await desk.finished(late);
    expect(desk.evaluator.comms.map(({ commId }) => commId)).toEqual(["c1", "c1", "c2"]);
  });
});

describe("other requests", () => {
  test("kernel_info says what the kernel is, on shell and control", async () => {
    const desk = await openDesk();
    for (const channel of ["shell", "control"] as const) {
      const content = replyOf(await desk.finished(desk.send(channel, "kernel_info_request")));
      expect(content).toMatchObject({
        status: "ok",
        protocol_version: "5.5",
        implementation: "labelfree",
        implementation_version: "1.2.3",
        language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
        debugger: false,
        supported_features: ["kernel subshells"],
      });
    }
  });

  test("is_complete gives the indent only where more has to come", async () => {
    const desk = await openDesk();
    const first = await desk.finished(desk.send("shell", "is_complete_request", { code: "{" }));
    expect(replyOf(first)).toEqual({ status: "incomplete", indent: "  " });
    const whole = await openDesk({ language: { isComplete: () => ({ status: "complete" }) } });
    const second = await whole.finished(whole.send("shell", "is_complete_request", { code: "1" }));
    expect(replyOf(second)).toEqual({ status: "complete" });
  });

  test("the cursor counts code points and stays within the code", async () => {
    const cursors: number[] = [];
    const complete = async (_code: string, position: number) => {
      cursors.push(position);
      return { matches: [], cursorStart: 0, cursorEnd: 0, metadata: { _jupyter_types_experimental: [] } };
    };
    const desk = await openDesk({ language: { complete } });
    for (const cursor_pos of [3, 99, -1, "x", undefined]) {
      await desk.finished(desk.send("shell", "complete_request", { code: "😀😀a.b", cursor_pos }));
    }
    expect(cursors).toEqual([3, 5, 5, 5, 5]);
  });

  test("a failure of the language service is the answer, not the end", async () => {
    const inspect = async () => {
      throw new TypeError("broken");
    };
    const desk = await openDesk({ language: { inspect } });
    const messages = await desk.finished(desk.send("shell", "inspect_request", { code: "x", cursor_pos: 1 }));
    expect(replyOf(messages)).toMatchObject({ status: "error", ename: "TypeError", evalue: "broken" });
  });

  test("unknown types are ignored", async () => {
    const desk = await openDesk();
    desk.send("shell", "make_coffee_request");
    desk.send("control", "toString");
    desk.send("shell", "__proto__");
    desk.send("shell", "interrupt_request");
    await desk.finished(desk.execute("value 1"));
    expect(desk.logs).toHaveLength(4);
    expect(desk.sent.filter(({ channel }) => channel !== "iopub")).toHaveLength(1);
  });

  test("debug and usage requests are answered on control", async () => {
    const desk = await openDesk();
    const debug = await desk.finished(desk.send("control", "debug_request", { seq: 4, command: "attach" }));
    expect(replyOf(debug)).toMatchObject({ type: "response", request_seq: 4, success: false, command: "attach" });
    const usage = replyOf(await desk.finished(desk.send("control", "usage_request")));
    expect(Number(usage?.kernel_memory)).toBeGreaterThan(1000);
  });

  test.each(["shell", "control"] as const)(
    "shutdown on %s is answered, then ends the child and the kernel",
    async (channel) => {
      const desk = await openDesk();
      const id = desk.send(channel, "shutdown_request", { restart: true });
      await desk.until(() => desk.shutdowns.length === 1);
      const messages = desk.sent.filter(({ parent }) => parent === id);
      expect(types(messages)).toEqual(["busy", "shutdown_reply", "idle", "shutdown_reply"]);
      expect(replyOf(messages)).toEqual({ status: "ok", restart: true });
      expect(desk.evaluator.isDown).toBe(true);
    },
  );
});

describe("a child that dies", () => {
  test("fails the running cell, closes the comms and lets the next cell run", async () => {
    const desk = await openDesk();
    await desk.finished(desk.execute("open k1"));
    const running = desk.execute("wait");
    await desk.until(() => desk.evaluator.executed.length === 2);
    desk.evaluator.die("the process ended with code 1");
    const messages = await desk.finished(running);
    expect(replyOf(messages)).toMatchObject({ status: "error", evalue: "the process ended with code 1" });
    expect(desk.sent.some(({ type, content }) => type === "comm_close" && content.comm_id === "k1")).toBe(true);
    expect(replyOf(await desk.finished(desk.execute("value 1")))?.status).toBe("ok");
    expect(desk.sent.some(({ type }) => type === "stream")).toBe(false);
  });

  test("before it could start fails the cell that waits, and the next starts another", async () => {
    let starts = 0;
    const desk = await openDesk({
      startEvaluator: async (events) => {
        starts += 1;
        if (starts < 3) throw new Error("the process was killed at its start");
        return fakeEvaluator(events);
      },
    });
    const first = replyOf(await desk.finished(desk.execute("value 1")));
    expect(first).toMatchObject({ status: "error", evalue: "the process was killed at its start" });
    expect(replyOf(await desk.finished(desk.execute("value 2")))?.status).toBe("ok");
    expect(starts).toBe(3);
  });

  test("between cells is told on stderr of the latest", async () => {
    const desk = await openDesk();
    const id = desk.execute("value 1");
    await desk.finished(id);
    desk.evaluator.die("the process was killed");
    await desk.until(() => desk.sent.some(({ type, parent }) => type === "stream" && parent === id));
    expect(desk.sent.at(-1)?.content).toEqual({ name: "stderr", text: "the process was killed\n" });
  });
});

describe("type errors", () => {
  const finding = {
    message: "no number",
    code: 2322,
    severity: "error" as const,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
    codeFrame: "> 1 | x",
  };

  test("are shown before idle and do not stop the cell", async () => {
    const desk = await openDesk({ typeCheck: "warn", language: { diagnostics: async () => [finding] } });
    const messages = await desk.finished(desk.execute("value 1"));
    const stream = messages.find(({ type }) => type === "stream");
    expect(stream?.content.text).toContain("TS2322: no number");
    expect(replyOf(messages)?.status).toBe("ok");
  });

  test("that take long are shown late to a person, the cell is not held up", async () => {
    const diagnostics = () => new Promise<(typeof finding)[]>((resolve) => setTimeout(() => resolve([finding]), 300));
    const desk = await openDesk({ typeCheck: "warn", language: { diagnostics } });
    const id = desk.execute("value 1", { allow_stdin: true });
    const messages = await desk.finished(id);
    expect(types(messages)).not.toContain("stream");
    await desk.until(() => desk.sent.some(({ type, parent }) => type === "stream" && parent === id));
  });

  test("that take long come before idle in a batch run, after the reply", async () => {
    const diagnostics = () => new Promise<(typeof finding)[]>((resolve) => setTimeout(() => resolve([finding]), 300));
    const desk = await openDesk({ typeCheck: "warn", language: { diagnostics } });
    const messages = await desk.finished(desk.execute("value 1", { allow_stdin: false }));
    expect(types(messages)).toEqual(["busy", "execute_input", "execute_result", "execute_reply", "stream", "idle"]);
  });

  test("do not disturb the checks of a closed or broken language service", async () => {
    const diagnostics = async () => {
      throw new Error("no TypeScript");
    };
    const desk = await openDesk({ typeCheck: "warn", language: { diagnostics } });
    expect(replyOf(await desk.finished(desk.execute("value 1")))?.status).toBe("ok");
    expect(desk.logs.join()).toContain("no TypeScript");
  });

  test("forbid the cell to run in mode block", async () => {
    const desk = await openDesk({ typeCheck: "block", language: { diagnostics: async () => [finding] } });
    const messages = await desk.finished(desk.execute("value 1"));
    expect(replyOf(messages)).toMatchObject({ status: "error", ename: "TypeCheckError", evalue: "TS2322: no number" });
    expect(desk.evaluator.executed).toEqual([]);
  });
});
