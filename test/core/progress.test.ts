import { beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress, formatCount, formatDuration } from "../../src/core/progress.ts";

beforeEach(() => {
  vi.stubEnv("TERM", "xterm");
});

function harness(options: { readonly isTTY: boolean; readonly columns?: number; readonly quiet?: boolean }) {
  const writes: string[] = [];
  const clock = { ms: 0 };
  const stream = { write: (text: string) => writes.push(text), isTTY: options.isTTY, columns: options.columns ?? 80 };
  const quiet = options.quiet ?? false;
  return { writes, clock, progress: createProgress({ stream, label: "train", quiet, now: () => clock.ms }) };
}

describe("on a terminal", () => {
  test("one line is redrawn in place, at most ten times a second, and kept at the end", () => {
    const { writes, clock, progress } = harness({ isTTY: true });
    for (let done = 0; done <= 100; done++) {
      clock.ms = done * 10;
      progress.update({ done, total: 100 });
    }
    progress.finish();
    const redraws = writes.filter((text) => text.startsWith("\r"));
    expect(redraws).toHaveLength(12);
    expect(redraws[0]).toBe("\rtrain  0/100 (0 %)\x1b[K");
    expect(redraws[5]).toBe("\rtrain  50/100 (50 %)  500 ms left\x1b[K");
    expect(writes.at(-2)).toBe("\rtrain  100/100 (100 %)\x1b[K");
    expect(writes.at(-1)).toBe("\n");
  });

  test("a logged line goes above the progress line, which is drawn again", () => {
    const { writes, progress } = harness({ isTTY: true });
    progress.log("before anything is shown");
    progress.update({ done: 1, total: 2 });
    progress.log("checkpoint saved");
    expect(writes).toEqual([
      "before anything is shown\n",
      "\rtrain  1/2 (50 %)\x1b[K",
      "\r\x1b[Kcheckpoint saved\n",
      "\rtrain  1/2 (50 %)\x1b[K",
    ]);
  });

  test("a line never wraps: it is cut to the columns and line breaks become spaces", () => {
    const { writes, progress } = harness({ isTTY: true, columns: 24 });
    progress.update({ done: 1, total: 2, note: "a note\nthat is too long" });
    expect(writes).toEqual(["\rtrain  1/2 (50 %)  a n…\x1b[K"]);
  });
});

describe("elsewhere", () => {
  test("a plain line is printed at once, then at most every five seconds, and at the end", () => {
    const { writes, clock, progress } = harness({ isTTY: false });
    for (let done = 0; done <= 120; done++) {
      clock.ms = done * 100;
      progress.update({ done, total: 120 });
    }
    progress.finish("reward 0.5");
    expect(writes).toEqual([
      "train  0/120 (0 %)\n",
      "train  50/120 (41 %)  7.0 s left\n",
      "train  100/120 (83 %)  2.0 s left\n",
      "train  120/120 (100 %)  reward 0.5\n",
    ]);
  });

  test("the last line is not printed twice, and nothing follows the end", () => {
    const { writes, progress } = harness({ isTTY: false });
    progress.update({ done: 2, total: 2 });
    progress.finish();
    progress.update({ done: 1, total: 2 });
    progress.finish("again");
    expect(writes).toEqual(["train  2/2 (100 %)\n"]);
  });
});

test("quiet prints nothing", () => {
  const { writes, progress } = harness({ isTTY: true, quiet: true });
  progress.update({ done: 1, total: 2 });
  progress.log("line");
  progress.finish("note");
  expect(writes).toEqual([]);
});

test("the time left counts from the first update, so a resumed run does not look fast, or from a given rate", () => {
  const { writes, clock, progress } = harness({ isTTY: false });
  progress.update({ done: 900, total: 1000 });
  clock.ms = 10_000;
  progress.update({ done: 910, total: 1000 });
  clock.ms = 20_000;
  progress.update({ done: 920, total: 1000, ratePerSecond: 8 });
  expect(writes.slice(1)).toEqual(["train  910/1,000 (91 %)  1 m 30 s left\n", "train  920/1,000 (92 %)  10 s left\n"]);
});

test("finishing without an update prints the note alone, or nothing", () => {
  const noted = harness({ isTTY: false });
  noted.progress.finish("nothing to do");
  expect(noted.writes).toEqual(["train  nothing to do\n"]);
  const silent = harness({ isTTY: true });
  silent.progress.finish();
  expect(silent.writes).toEqual([]);
});

test("durations show their two largest units, rounded without reaching 60", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 ms"],
    [-5, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [4240, "4.2 s"],
    [9960, "10 s"],
    [59_499, "59 s"],
    [59_501, "1 m 00 s"],
    [64_000, "1 m 04 s"],
    [3_599_600, "1 h 00 m"],
    [11_100_000, "3 h 05 m"],
    [198_000_000, "2 d 07 h"],
    [Infinity, "unknown"],
  ];
  for (const [ms, text] of cases) expect(formatDuration(ms), String(ms)).toBe(text);
});

test("counts have their thousands set apart", () => {
  const counts = [0, 999, 1000, 1234567, -1234, 1234.5678];
  expect(counts.map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567", "-1,234", "1,234.5678"]);
});

test("a terminal that cannot redraw gets plain lines", () => {
  vi.stubEnv("TERM", "dumb");
  const { writes, progress } = harness({ isTTY: true });
  progress.update({ done: 1, total: 2 });
  expect(writes).toEqual(["train  1/2 (50 %)\n"]);
});
