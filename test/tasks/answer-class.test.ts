import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerClass } from "../../src/tasks/answers/answer-class.ts";
import { sharedPath } from "../shared.ts";

const whole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const positive = fc.bigInt({ min: 1n, max: 10n ** 12n });
const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 30 });

/** `1234567` as `1,234,567`. */
const withCommas = (value: bigint): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");

describe("the class of an answer", () => {
  test.each([
    [
      "1/2",
      ["0.5", ".5", "0.50", "1/2", "2/4", "\\frac12", "\\frac{1}{2}", "\\dfrac 12", "\\tfrac1{2}", "$0.5$", " +1 / 2 "],
    ],
    ["-1/2", ["-0.5", "-1/2", "1/-2", "-\\frac12", "\\frac{-1}{2}", "\\frac{1}{-2}", "- .5", "\u22121/2"]],
    ["1000", ["1000", "1,000", "1000.0", "1000.", "01000", "1,\\!000", "1{,}000", "$$1,000$$", "2,000/2"]],
    ["0", ["0", "-0", "0.00", "0/7", "000"]],
    ["50%", ["50%", "50\\%", "$50\\%$", "50.0 %", "100/2%"]],
    ["1/2000", ["0.0005", "0.5/1000", "\\frac{0.5}{1,000}"]],
  ])("%s is that of each of its written forms", (name, forms) => {
    expect(forms.map(answerClass)).toEqual(forms.map(() => name));
  });

  test.each([
    "50 cm",
    "\\$5",
    "$5",
    "90^\\circ",
    "1\\frac12",
    "(1,2)",
    "1,22",
    "0,111",
    "1,2345",
    "12,34,567",
    "1/0",
    "\\frac{1}{0}",
    "0/0",
    "1e3",
    "0x10",
    "1/2/3",
    "--1",
    "\\frac123",
    "\\frac{\\pi}{2}",
    "2\\sqrt{3}",
    ".",
    "-",
    "%",
    "1.2.3",
    "x+1",
    "Infinity",
    "\u0663",
  ])("%s, which is no plain number, stays what it is", (answer) => {
    expect(answerClass(` ${answer}\n`)).toBe(answer);
  });

  test("dollar signs around a text go, those within it stay", () => {
    expect(answerClass("$ x+1 $")).toBe("x+1");
    expect(answerClass("$$x+1$$")).toBe("x+1");
    expect(answerClass("$x$ and $y$")).toBe("$x$ and $y$");
    expect(answerClass("$\\$5$")).toBe("\\$5");
    expect(answerClass("$5\\$")).toBe("$5\\$");
    expect(answerClass("$")).toBe("$");
    expect(answerClass("$$")).toBe("$$");
  });

  test("two fractions share a class exactly when they are equal", () => {
    const fraction = fc.tuple(fc.bigInt({ min: -30n, max: 30n }), fc.bigInt({ min: 1n, max: 12n }));
    fc.assert(
      fc.property(fraction, fraction, ([a, b], [c, d]) => {
        expect(answerClass(`${a}/${b}`) === answerClass(`\\frac{${c}}{${d}}`)).toBe(a * d === c * b);
      }),
    );
  });

  test("a fraction keeps its class when both parts are multiplied, whatever their size", () => {
    fc.assert(
      fc.property(whole, positive, positive, (a, b, factor) => {
        const name = answerClass(`${a}/${b}`);
        expect(answerClass(`${a * factor}/${b * factor}`)).toBe(name);
        expect(answerClass(`\\dfrac{${-a}}{${-b}}`)).toBe(name);
      }),
    );
  });

  test("a decimal is the fraction over its power of ten, to the last of thirty digits", () => {
    fc.assert(
      fc.property(whole, digits, (before, decimals) => {
        const sign = before < 0n ? "-" : "";
        const size = before < 0n ? -before : before;
        expect(answerClass(`${sign}${size}.${decimals}`)).toBe(
          answerClass(`${sign}${size}${decimals}/1${"0".repeat(decimals.length)}`),
        );
        expect(answerClass(`${sign}${size}.${decimals}0`)).toBe(answerClass(`${sign}${size}.${decimals}`));
        expect(answerClass(`${sign}${size}.${decimals}1`)).not.toBe(answerClass(`${sign}${size}.${decimals}`));
      }),
    );
  });

  test("thousands commas, spaces and dollar signs do not matter to a whole number", () => {
    fc.assert(
      fc.property(whole, (value) => {
        expect(answerClass(String(value))).toBe(String(value));
        expect(answerClass(` $${withCommas(value)}$ `)).toBe(String(value));
        expect(answerClass(withCommas(value).replaceAll(",", ",\\!"))).toBe(String(value));
      }),
    );
  });

  test("the class of a class is itself", () => {
    const written = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(..."0123456789.,/%$-+ {}\\!f"), maxLength: 14 }),
      fc.string({ unit: fc.constantFrom("$", "\\frac", "{", "}", "1", "2", "-", " ", ",", "%"), maxLength: 10 }),
    );
    fc.assert(
      fc.property(written, (answer) => {
        const name = answerClass(answer);
        expect(answerClass(name)).toBe(name);
        expect(answerClass(` ${answer}\n`)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });
});

const mathPath = sharedPath("external/math500.jsonl");

describe.skipIf(mathPath === undefined)("answers of MATH-500 (absent: external/math500.jsonl)", () => {
  const answers = (): string[] =>
    readFileSync(mathPath as string, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { answer: string }).answer);

  test("of those that look like one number, two thirds of the set, every one is read", () => {
    const looksLikeNumber =
      /^-?(?:[\d.]+|\d{1,3}(?:,(?:\\!)?\d{3})+|\\d?frac *(?:\d *\d|\{\d+\} *\{\d+\}|\d *\{\d+\}))$/;
    const numbers = answers().filter((answer) => looksLikeNumber.test(answer));
    expect(numbers.length).toBeGreaterThan(333);
    for (const answer of numbers) expect(answerClass(answer)).toMatch(/^-?\d+(?:\/\d+)?$/);
  });

  test("no answer changes its class when a policy writes it between dollar signs", () => {
    for (const answer of answers()) expect(answerClass(`$${answer}$`)).toBe(answerClass(answer));
  });
});

interface Case {
  readonly gold: string;
  readonly pred: string;
  readonly expected: number;
}

const casesPath = sharedPath("external/math_verify_cases_dev.json");

describe.skipIf(casesPath === undefined)(
  "pairs that a public grader compares (absent: math_verify_cases_dev.json)",
  () => {
    const isNumber = (answer: string): boolean => /^-?\d+(?:\/\d+)?%?$/.test(answerClass(answer));
    const pairs = (): Case[] =>
      (JSON.parse(readFileSync(casesPath as string, "utf8")) as Case[]).filter(
        ({ gold, pred }) => isNumber(gold) && isNumber(pred),
      );

    test("where both are plain numbers, they share a class exactly when they are graded equal", () => {
      expect(pairs().length).toBeGreaterThan(5);
      for (const { gold, pred, expected } of pairs()) {
        expect(answerClass(gold) === answerClass(pred), `${gold} and ${pred}`).toBe(expected === 1);
      }
    });
  },
);
