import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadLabels } from "../../src/figures/spread-labels.ts";

test("labels that do not crowd stay where they want to be", () => {
  expect(spreadLabels([8, 1, 4], 2, [0, 10])).toEqual([8, 1, 4]);
});

test("two labels at one place move apart by the gap, around it", () => {
  expect(spreadLabels([5, 5], 2, [0, 10])).toEqual([4, 6]);
});

test("labels at the edge stay inside", () => {
  expect(spreadLabels([10, 10, 9.5], 2, [0, 10])).toEqual([8, 10, 6]);
});

test("whatever the wishes, labels that fit keep order, gap and range", () => {
  const wishes = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(wishes, (wanted) => {
      const places = spreadLabels(wanted, 10, [0, 100]);
      const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b] || a - b);
      const sorted = order.map((index) => places[index]);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.max(...places)).toBeLessThanOrEqual(100 + 1e-9);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(10 - 1e-9);
    }),
  );
});
