import fc from "fast-check";
import { expect, test } from "vitest";
import { add, divide, multiply, twoProduct, twoSum } from "../../src/core/double-double.ts";

const whole = fc.maxSafeInteger();

test("a sum and a product of two whole numbers keep every digit", () => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      const [sum, product] = [twoSum(a, b), twoProduct(a, b)];
      expect(sum.hi).toBe(a + b);
      expect(BigInt(sum.hi) + BigInt(sum.lo)).toBe(BigInt(a) + BigInt(b));
      expect(product.hi).toBe(a * b);
      expect(BigInt(product.hi) + BigInt(product.lo)).toBe(BigInt(a) * BigInt(b));
    }),
  );
});

test("dividing and multiplying back is right to 100 bits", () => {
  const nonzero = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(nonzero, nonzero, (a, b) => {
      const back = multiply(divide({ hi: a, lo: 0 }, { hi: b, lo: 0 }), { hi: b, lo: 0 });
      const rest = add(back, { hi: -a, lo: 0 });
      expect(Math.abs(rest.hi)).toBeLessThanOrEqual(a * 2 ** -100);
    }),
  );
});
