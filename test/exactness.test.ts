// The part of "the same bits in every engine" that the linter has no rule for (the rest is in .oxlintrc.json): ECMAScript
// leaves `a ** b` to the engine, so only powers of whole numbers, written out, may stand where results come from.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const ROOMS = ["core", "stats", "device", "model", "tasks", "rl", "figures", "findings"];

const COMMENT_LINE = /^\s*(?:\/\/|\/?\*)/;
const POWER = /(\S+) \*\*=?(?: (\S+)|$)/g; // the formatter sets the spaces
const WRITTEN_OUT = /^[([]*(?:\d+ \*\* \d+|\d+n \*\* (?:\d+n|BigInt\(\S*))[)\];,]*$/;

function inexactPowers(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    if (COMMENT_LINE.test(line)) return [];
    const code = line.replace(/ \/\/ .*$/, "");
    return Array.from(code.matchAll(POWER), ([power]) => power).filter((power) => !WRITTEN_OUT.test(power));
  });
}

describe("powers", () => {
  test.each([
    ["const a = 2 ** 24;", []],
    ["const a = 200n * 10n ** BigInt(decimals.length);", []],
    ["const a = (1 / 2 ** 24) * b; // 2 ** x", []],
    ["const a = x ** 2;", ["x ** 2;"]],
    ["const a = f(2 ** 0.5);", ["f(2 ** 0.5);"]],
    ["scale **= 2;", ["scale **= 2;"]],
    ["const a = beta1 ** this.#step;", ["beta1 ** this.#step;"]],
  ])("%s is judged right", (line, expected) => {
    expect(inexactPowers(line)).toEqual(expected);
  });

  test.each(ROOMS)("in src/%s are powers of whole numbers only", (room) => {
    const files = readdirSync(join(SRC, room), { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.includes("kernels"),
    );
    expect(files).not.toEqual([]);
    const found = files.flatMap((file) =>
      inexactPowers(readFileSync(join(SRC, room, file), "utf8")).map((power) => `${file}: ${power}`),
    );
    expect(found).toEqual([]);
  });
});
