import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FindingExtra, readExtra, withExtra, writeExtra } from "../../src/findings/finding-extra.ts";
import type { Study } from "../../src/findings/study.ts";

const STUDY: Study = { scale: "smoke", runs: [], failures: [] };

let folder = "";
let made = 0;

/** A list of numbers that is current while it starts with the present version. */
function extraOf(version: number): FindingExtra<number[]> {
  return {
    file: "numbers.json",
    parse: (value) => value as number[],
    toJson: (data) => data,
    keys: (data) => data.map(String),
    isCurrent: ([first]) => first === version,
    make: async (scale, onNotice) => {
      made += 1;
      onNotice?.(`made for ${scale}`);
      return [version, 7];
    },
  };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "labelfree-extra-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("a finding without extra data has the study that it had", async () => {
  expect(await withExtra(undefined, STUDY, { folder, isFresh: true })).toBe(STUDY);
});

test("data that are not kept are made, and nothing is written unasked", async () => {
  const notices: string[] = [];
  const onNotice = (text: string) => notices.push(text);
  const { extra } = await withExtra(extraOf(1), STUDY, { folder, isFresh: false, onNotice });
  expect(extra).toEqual([1, 7]);
  expect(notices).toEqual(["made for smoke"]);
  expect(readExtra(extraOf(1), folder)).toBeUndefined();
});

test("data that are kept and current are read, made anew only where asked", async () => {
  writeExtra(extraOf(1), join(folder, "deep"), [1, 8]);
  const before = made;
  const options = { folder: join(folder, "deep"), isFresh: false };
  expect((await withExtra(extraOf(1), STUDY, options)).extra).toEqual([1, 8]);
  expect(made).toBe(before);
  expect((await withExtra(extraOf(1), STUDY, { ...options, isFresh: true })).extra).toEqual([1, 7]);
});

test("data that other sources made are made anew", async () => {
  writeExtra(extraOf(1), folder, [1, 8]);
  expect((await withExtra(extraOf(2), STUDY, { folder, isFresh: false })).extra).toEqual([2, 7]);
});

test("equal data give equal bytes", () => {
  writeExtra(extraOf(1), folder, [1, 8]);
  const first = readFileSync(join(folder, "numbers.json"), "utf8");
  writeExtra(extraOf(1), folder, [1, 8]);
  expect(readFileSync(join(folder, "numbers.json"), "utf8")).toBe(first);
});
