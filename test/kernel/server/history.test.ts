import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { globTest } from "../../../src/kernel/server/glob.ts";
import { History } from "../../../src/kernel/server/history.ts";
import { claimSession, historyDirectory } from "../../../src/kernel/server/history-files.ts";

const root = mkdtempSync(join(tmpdir(), "labelfree-history-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const newDirectory = () => join(root, String(count++));

const tail = (history: History, n: number, more = {}) => history.request({ hist_access_type: "tail", n, ...more });

describe("the history", () => {
  test("goes on over sessions, newest last, with output when asked", () => {
    const directory = newDirectory();
    const first = new History(directory);
    first.add(1, "let a = 1", undefined);
    first.add(2, "a", "1");
    const second = new History(directory);
    second.add(1, "b\nc", "7");
    expect(tail(second, 2)).toEqual([
      [1, 2, "a"],
      [2, 1, "b\nc"],
    ]);
    expect(tail(second, 10, { output: true })).toEqual([
      [1, 1, ["let a = 1", null]],
      [1, 2, ["a", "1"]],
      [2, 1, ["b\nc", "7"]],
    ]);
    expect(tail(second, 0)).toEqual([]);
  });

  test("gives ranges of this session by 0, of an earlier one by its number or by how far back it is", () => {
    const directory = newDirectory();
    const first = new History(directory);
    for (const line of [1, 2, 3]) first.add(line, `old ${line}`, undefined);
    const second = new History(directory);
    for (const line of [1, 2, 3, 4]) second.add(line, `new ${line}`, undefined);
    const range = (session: number, start: number, stop?: number) =>
      second.request({ hist_access_type: "range", session, start, stop });
    expect(range(0, 2, 4)).toEqual([
      [2, 2, "new 2"],
      [2, 3, "new 3"],
    ]);
    expect(range(2, 4)).toEqual([[2, 4, "new 4"]]);
    expect(range(1, 3)).toEqual([[1, 3, "old 3"]]);
    expect(range(-1, 1, 2)).toEqual([[1, 1, "old 1"]]);
    expect(range(9, 0)).toEqual([]);
  });

  test("is searched by pattern, the latest matches first in number and last in order, each once when unique", () => {
    const history = new History(newDirectory());
    for (const [index, input] of ["1+2", "x", "1+2", "1+3", "1+2"].entries()) history.add(index + 1, input, undefined);
    const search = (more = {}) => history.request({ hist_access_type: "search", pattern: "1?[2-3]", ...more });
    expect(search().map(([, line]) => line)).toEqual([1, 3, 4, 5]);
    expect(search({ n: 2 }).map(([, line]) => line)).toEqual([4, 5]);
    expect(search({ unique: true }).map(([, line]) => line)).toEqual([4, 5]);
  });

  test("of two kernels that run at the same time stays apart", () => {
    const directory = newDirectory();
    const kernels = [new History(directory), new History(directory)];
    for (let line = 1; line <= 20; line++)
      for (const [n, kernel] of kernels.entries()) kernel.add(line, `${n}`, undefined);
    const rows = tail(kernels[0], 100);
    expect(rows.filter(([session, , input]) => session === 1 && input === "0")).toHaveLength(20);
    expect(rows.filter(([session, , input]) => session === 2 && input === "1")).toHaveLength(20);
  });

  test("survives a line that a crash cut off", () => {
    const directory = newDirectory();
    new History(directory).add(1, "whole", undefined);
    appendFileSync(join(directory, readdirSync(directory)[0]), '{"line":2,"inp');
    expect(tail(new History(directory), 5)).toEqual([[1, 1, "whole"]]);
  });

  test("stays in memory without a directory, or with one that cannot be written, and says so once", () => {
    const memory = new History(undefined);
    memory.add(1, "a", undefined);
    expect(tail(memory, 5)).toEqual([[1, 1, "a"]]);
    const file = join(root, "a-file");
    writeFileSync(file, "");
    const errors: unknown[] = [];
    const blocked = new History(join(file, "below"), (error) => errors.push(error));
    blocked.add(1, "a", undefined);
    blocked.add(2, "b", undefined);
    expect(tail(blocked, 5)).toHaveLength(2);
    expect(errors).toHaveLength(1);
  });

  test("keeps the latest thousand sessions", () => {
    const directory = newDirectory();
    for (let n = 0; n < 1003; n++) claimSession(directory);
    expect(readdirSync(directory)).toHaveLength(1000);
    expect(claimSession(directory)).toBe(1004);
  });

  test("answers a request it does not understand with nothing", () => {
    expect(new History(undefined).request({ hist_access_type: "all" })).toEqual([]);
  });
});

test("the history lies where XDG says", () => {
  expect(historyDirectory({ XDG_DATA_HOME: "/data" })).toBe("/data/labelfree/kernel-history");
});

describe("glob patterns", () => {
  test.each([
    ["*", "any\ntext", true],
    ["", "", true],
    ["a*b*c", "a--b--b--c", true],
    ["a*b*c", "a--b--c-", false],
    ["1?2", "1+2", true],
    ["[a-c]?", "bx", true],
    ["[^a-c]?", "bx", false],
    ["[", "[", true],
    ["*.ts", "x.ts", true],
    ["x.y", "xzy", false],
  ])("%s on %j is %s", (pattern, text, expected) => {
    expect(globTest(pattern)(text)).toBe(expected);
  });

  test("take no exponential time", () => {
    const started = performance.now();
    expect(globTest(`${"*a".repeat(30)}*b`)("a".repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
