import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RowLog, readRows } from "../../src/runs/row-log.ts";
import { temporaryDirectory } from "./tiny-base.ts";

function logOf(...steps: readonly number[]): RowLog {
  const log = new RowLog(join(temporaryDirectory(), "rows.jsonl"));
  for (const step of steps) log.append({ step });
  return log;
}

describe("a log of rows", () => {
  it("is cut back to the saved position, torn last line and all", () => {
    const log = logOf(1, 2);
    const saved = log.save();
    log.append({ step: 3 });
    appendFileSync(log.path, '{"ste');

    const again = new RowLog(log.path);
    expect(again.holds(saved)).toBe(true);
    again.rewind(saved);
    again.append({ step: 3, again: true });
    expect(readRows(log.path)).toEqual([{ step: 1 }, { step: 2 }, { step: 3, again: true }]);
  });

  it("goes on from a rewound position as if it had never stopped", () => {
    const straight = logOf(1, 2, 3).save();
    const log = logOf(1, 2);
    const again = new RowLog(log.path);
    again.rewind(log.save());
    again.append({ step: 3 });
    expect(again.save()).toEqual(straight);
  });

  it("is emptied by a rewind without a position", () => {
    const log = logOf(1, 2);
    log.rewind();
    log.append({ step: 1 });
    expect(readRows(log.path)).toEqual([{ step: 1 }]);
  });

  it("does not hold a position whose rows are lost or changed", () => {
    const log = logOf(1, 2);
    const saved = log.save();
    const text = readFileSync(log.path, "utf8");
    writeFileSync(log.path, text.replace("1", "7"));
    expect(log.holds(saved)).toBe(false);
    writeFileSync(log.path, text.slice(0, -1));
    expect(log.holds(saved)).toBe(false);
    writeFileSync(log.path, `${text}more`);
    expect(log.holds(saved)).toBe(true);
  });

  it("has no rows before there is a file, and holds the empty position", () => {
    const log = logOf();
    expect(readRows(log.path)).toEqual([]);
    expect(log.holds(log.save())).toBe(true);
  });

  it("says which file could not be written", () => {
    const log = new RowLog("/dev/null/rows.jsonl");
    expect(() => log.append({})).toThrow(/rows\.jsonl/);
  });
});
