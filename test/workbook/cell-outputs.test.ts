import { expect, test } from "vitest";
import type { IncomingMessage, JsonObject } from "../../src/kernel/wire/message.ts";
import { CellOutputs, Displays } from "../../src/workbook/cell-outputs.ts";

function message(type: string, content: JsonObject): IncomingMessage {
  const empty = { identities: [], headerFrame: new Uint8Array(), parentHeader: {}, metadata: {}, buffers: [] };
  return { ...empty, header: { msg_id: "1", msg_type: type }, content };
}

const stream = (text: string, name = "stdout") => message("stream", { name, text });
const shown = (text: string, id?: string, type = "display_data") =>
  message(type, { data: { "text/plain": text }, metadata: {}, transient: id === undefined ? {} : { display_id: id } });

function heard(...messages: readonly IncomingMessage[]): CellOutputs {
  const outputs = new CellOutputs(new Displays());
  for (const each of messages) outputs.hear(each);
  return outputs;
}

test("neighbouring pieces of a stream are one output, and other outputs part them", () => {
  const { outputs } = heard(
    stream("a"),
    stream("b\n"),
    stream("e", "stderr"),
    stream("c"),
    shown("d"),
    stream(""),
    stream("f"),
  );
  expect(outputs).toMatchObject([
    { name: "stdout", text: "ab\n" },
    { name: "stderr", text: "e" },
    { name: "stdout", text: "c" },
    { output_type: "display_data" },
    { name: "stdout", text: "f" },
  ]);
});

test("clear_output empties at once, and with wait when the next output comes", () => {
  expect(heard(stream("a"), message("clear_output", { wait: false })).outputs).toEqual([]);
  const waiting = heard(stream("a"), message("clear_output", { wait: true }));
  expect(waiting.outputs).toHaveLength(1);
  waiting.hear(stream("b"));
  expect(waiting.outputs).toMatchObject([{ text: "b" }]);
});

test("an update reaches a display wherever it is shown, also in an earlier cell", () => {
  const displays = new Displays();
  const [first, second] = [new CellOutputs(displays), new CellOutputs(displays)];
  first.hear(shown("old", "x"));
  second.hear(shown("old", "x"));
  second.hear(shown("new", "x", "update_display_data"));
  second.hear(shown("of nothing", "y", "update_display_data"));
  for (const { outputs } of [first, second]) expect(outputs).toMatchObject([{ data: { "text/plain": "new" } }]);
});

test("results and errors are kept with their counts, what passes by is not", () => {
  const result = message("execute_result", { execution_count: 4, data: { "text/plain": "1" }, metadata: {} });
  const error = message("error", { ename: "E", evalue: "v", traceback: ["t"] });
  const cell = heard(message("execute_input", { code: "1", execution_count: 4 }), message("status", {}), result, error);
  expect(cell.executionCount).toBe(4);
  expect(cell.outputs).toEqual([
    { output_type: "execute_result", execution_count: 4, data: { "text/plain": "1" }, metadata: {} },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
  ]);
});
