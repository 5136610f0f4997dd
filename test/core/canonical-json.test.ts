import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/core/canonical-json.ts";
import { hashBytes, hashJson } from "../../src/core/hash.ts";

test("keys are sorted at every depth and nothing is spaced", () => {
  const value = { b: [1, { d: null, c: true }], a: "x y" };
  expect(canonicalJson(value)).toBe('{"a":"x y","b":[1,{"c":true,"d":null}]}');
});

test("the example of RFC 8785 section 3.2.3 sorts by UTF-16 code units", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
  expect(order.map((name) => name.split(" ")[0])).toEqual([
    "Carriage",
    "One",
    "Control",
    "Latin",
    "Euro",
    "Emoji:",
    "Hebrew",
  ]);
});

test("numbers print as the RFC's samples do", () => {
  const numbers = [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0];
  expect(canonicalJson(numbers)).toBe("[333333333.3333333,1e+30,4.5,0.002,1e-27,0]");
});

test("undefined members are dropped, so an absent and an undefined setting hash alike", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(hashJson({ a: undefined, b: 1 })).toBe(hashJson({ b: 1 }));
});

test("what JSON cannot hold throws with its path", () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const cases: readonly (readonly [unknown, string])[] = [
    [{ run: { rate: Number.NaN } }, "$.run.rate: got NaN, expected a finite number"],
    [[1, Infinity], "$[1]: got Infinity"],
    [{ f: () => 1 }, "$.f: got function"],
    [[undefined], "$[0]: got undefined"],
    [undefined, "$: got undefined"],
    [{ n: 1n }, "$.n: got bigint"],
    [{ m: new Map() }, "$.m: got an instance of Map, expected a plain object"],
    [{ m: new Float32Array(2) }, "$.m: got an instance of Float32Array"],
    [{ t: "\ud800" }, "$.t: got a lone surrogate"],
    [circular, "$.self: got a cycle"],
  ];
  for (const [value, message] of cases) {
    expect(() => canonicalJson(value), message).toThrow(expect.objectContaining({ code: "json/not-canonical" }));
    expect(() => canonicalJson(value)).toThrow(message);
  }
});

test("a value used twice is no cycle, and an object without a prototype is plain", () => {
  const part = { x: 1 };
  expect(canonicalJson([part, part])).toBe('[{"x":1},{"x":1}]');
  expect(canonicalJson(Object.assign(Object.create(null), part))).toBe('{"x":1}');
});

test("the text parses back to the value, and the order of keys does not change it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

test("hashes are SHA-256 of the bytes, of a text's UTF-8 bytes, and of canonical JSON", () => {
  expect(hashBytes("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(hashBytes("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(hashBytes("é")).toBe(hashBytes(new Uint8Array([0xc3, 0xa9])));
  expect(hashJson({ b: 2, a: 1 })).toBe(hashBytes('{"a":1,"b":2}'));
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(entries.reverse());
}
