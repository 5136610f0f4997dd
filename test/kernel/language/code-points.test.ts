import fc from "fast-check";
import { expect, test } from "vitest";
import { toCodePoints, toUtf16Offset } from "../../../src/kernel/language/code-points.ts";

test("an emoji is one code point and two UTF-16 units", () => {
  expect(toUtf16Offset("a😀b", 2)).toBe(3);
  expect(toCodePoints("a😀b", 3)).toBe(2);
});

test("positions outside the text are moved to its ends", () => {
  expect(toUtf16Offset("a😀", 99)).toBe(3);
  expect(toUtf16Offset("a😀", -1)).toBe(0);
  expect(toCodePoints("a😀", 99)).toBe(2);
});

test("both ways lead back, for any text and position", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, n) => {
      const length = [...text].length;
      const position = n % (length + 1);
      const offset = toUtf16Offset(text, position);
      expect(offset).toBe([...text].slice(0, position).join("").length);
      expect(toCodePoints(text, offset)).toBe(position);
    }),
  );
});
