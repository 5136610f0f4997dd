import { expect, test } from "vitest";
import { textWidth, wrapText } from "../../src/figures/text-metrics.ts";
import { generateWidthTable } from "./font-widths.ts";

test("the committed width table is what the font files say", async () => {
  await expect(generateWidthTable()).toMatchFileSnapshot("../../src/figures/dejavu-widths.ts");
});

test("a text is as wide as the sum of its glyphs, in proportion to the font size", () => {
  // DejaVu Sans, units per em 2048: a = 1255, b = 1300
  expect(textWidth("ab", { fontSize: 2048 })).toBe(2555);
  expect(textWidth("ab", { fontSize: 10 })).toBeCloseTo((2555 * 10) / 2048, 12);
  expect(textWidth("ab", { fontSize: 10, bold: true })).toBeGreaterThan(textWidth("ab", { fontSize: 10 }));
});

test("a character outside the table is an error, not a guess", () => {
  expect(() => textWidth("Qwen 千问", { fontSize: 11 })).toThrow(/U\+5343/);
});

test("wrapped lines keep all words in order and stay within the width", () => {
  const text = "one policy says the same popular number to everything";
  const lines = wrapText(text, 120, { fontSize: 11 });
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join(" ")).toBe(text);
  for (const line of lines) expect(textWidth(line, { fontSize: 11 })).toBeLessThanOrEqual(120);
});
