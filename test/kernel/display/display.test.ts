import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  clearOutput,
  display,
  html,
  json,
  JUPYTER_DISPLAY,
  latex,
  markdown,
  png,
  progress,
  setDisplaySink,
  settleDisplays,
  svg,
  toMimeBundle,
  updateDisplay,
} from "../../../src/kernel/display/index.ts";
import type { OutputEvent } from "../../../src/kernel/evaluation/types.ts";

type DisplayEvent = Extract<OutputEvent, { type: "display" }>;

let events: OutputEvent[] = [];
beforeEach(() => {
  events = [];
  setDisplaySink((event) => events.push(event));
});
afterEach(() => setDisplaySink(undefined));

function displays(): DisplayEvent[] {
  return events.filter((event) => event.type === "display");
}

test("display emits at once, in order, each with an id of its own", () => {
  display(html("<b>1</b>"));
  display(html("<b>2</b>"));
  expect(displays().map((event) => [event.data["text/html"], event.update])).toEqual([
    ["<b>1</b>", false],
    ["<b>2</b>", false],
  ]);
  expect(new Set(displays().map((event) => event.displayId)).size).toBe(2);
});

test("a display can be replaced by its handle or its id, and its handle shows nothing", () => {
  const handle = display(1, { displayId: "score" });
  handle.update(2);
  updateDisplay(3, "score");
  expect(displays().map((event) => [event.displayId, event.update])).toEqual([
    ["score", false],
    ["score", true],
    ["score", true],
  ]);
  expect(toMimeBundle(handle).data).toEqual({});
});

test("what takes time keeps its place and is put there later", async () => {
  display({ [JUPYTER_DISPLAY]: async () => ({ "text/plain": "slow" }) });
  display({ [JUPYTER_DISPLAY]: () => ({ "text/plain": "fast" }) });
  await settleDisplays();
  const [first, second, third] = displays();
  expect(displays().map((event) => event.data["text/plain"])).toEqual(["...", "fast", "slow"]);
  expect([third.displayId, third.update]).toEqual([first.displayId, true]);
  expect(second.update).toBe(false);
});

test("a slow display does not replace what was put in its place meanwhile", async () => {
  const slow = display({ [JUPYTER_DISPLAY]: async () => ({ "text/plain": "slow" }) });
  slow.update({ [JUPYTER_DISPLAY]: () => ({ "text/plain": "newer" }) });
  await settleDisplays();
  expect(displays().map((event) => event.data["text/plain"])).toEqual(["...", "newer"]);
});

test("waiting for displays ends when one never comes", async () => {
  const never = new Promise<never>(() => undefined);
  const handle = display({ [JUPYTER_DISPLAY]: () => never });
  await settleDisplays(20);
  handle.update(1);
  expect(displays().map((event) => event.update)).toEqual([false, true]);
});

test("clearOutput emits a clear", () => {
  clearOutput(true);
  clearOutput();
  expect(events).toEqual([
    { type: "clear", wait: true },
    { type: "clear", wait: false },
  ]);
});

test("without a sink displays are printed as text", () => {
  setDisplaySink(undefined);
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  display(html("<b>bold</b>"));
  expect(log).toHaveBeenCalledWith("bold");
  log.mockRestore();
});

test("an html template escapes its values, other html and lists of it apart", () => {
  const items = ["<i>", "&"].map((text) => html`<li>${text}</li>`);
  const { data } = toMimeBundle(html`<ul class="${'"'}">${items}</ul>`);
  expect(data["text/html"]).toBe('<ul class="&quot;"><li>&lt;i&gt;</li><li>&amp;</li></ul>');
  expect(data["text/plain"]).toBe("<i>\n&");
});

test("the other kinds have their MIME type and text beside", () => {
  expect(toMimeBundle(markdown("# x")).data).toEqual({ "text/markdown": "# x", "text/plain": "# x" });
  expect(toMimeBundle(latex`$\frac{1}{${2}}$`).data["text/latex"]).toBe("$\\frac{1}{2}$");
  expect(toMimeBundle(svg("<svg/>")).data).toEqual({
    "image/svg+xml": "<svg/>",
    "text/plain": "SVG drawing, 6 characters",
  });
  const bytes = new Uint8Array([9, 1, 2, 3]).subarray(1);
  expect(toMimeBundle(png(bytes)).data).toEqual({ "image/png": "AQID", "text/plain": "PNG picture, 3 bytes" });
  expect(toMimeBundle(json({ a: [1] })).data).toEqual({
    "application/json": { a: [1] },
    "text/plain": '{\n  "a": [\n    1\n  ]\n}',
  });
  expect(() => json(1n)).toThrow(TypeError);
});

test("a progress bar is updated at most ten times a second and shows its end", () => {
  let nowMs = 0;
  const bar = progress(1000, { label: "<steps>", now: () => nowMs });
  for (let i = 0; i < 1000; i++) {
    nowMs += 1;
    bar.advance();
  }
  expect(displays().length).toBeGreaterThanOrEqual(10);
  expect(displays().length).toBeLessThanOrEqual(12);
  const last = displays()[displays().length - 1];
  expect(last.data).toEqual({
    "text/plain": `<steps> ${"█".repeat(30)} 1,000/1,000 100 % 1.0 s`,
    "text/html":
      '<div>&lt;steps&gt; <progress value="1000" max="1000" aria-label="&lt;steps&gt;"></progress> 1,000/1,000 100 % 1.0 s</div>',
  });
  expect(new Set(displays().map((event) => event.displayId)).size).toBe(1);
});

test("a progress bar tells the time left, takes another label and stays within its total", () => {
  let nowMs = 0;
  const bar = progress(4, { now: () => nowMs });
  nowMs = 90_000;
  bar.set(1, "warm-up");
  expect(displays()[1].data["text/plain"]).toBe(
    `warm-up ${"█".repeat(7)}${"░".repeat(23)} 1/4 25 % 1 m 30 s, 4 m 30 s left`,
  );
  bar.set(9);
  expect(bar.value).toBe(4);
  expect(() => progress(Number.NaN)).toThrow("progress total: got NaN");
});

test("maps, sets and typed arrays can be iterated over", () => {
  expect([...progress(new Map([["a", 1]]))]).toEqual([["a", 1]]);
  expect([...progress(new Set([1])), ...progress(new Float32Array(2))]).toEqual([1, 0, 0]);
});

test("an iteration moves its bar and shows where it broke off", () => {
  const seen: string[] = [];
  for (const item of progress(["a", "b", "c"])) {
    seen.push(item);
    if (item === "b") break;
  }
  expect(seen).toEqual(["a", "b"]);
  expect(displays()[displays().length - 1].data["text/plain"]).toContain("1/3 33 %");
});
