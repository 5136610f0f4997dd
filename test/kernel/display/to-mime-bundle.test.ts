import fc from "fast-check";
import { expect, test } from "vitest";
import { JUPYTER_DISPLAY, toMimeBundle } from "../../../src/kernel/display/index.ts";

function plain(value: unknown): string {
  return withoutColours(String(toMimeBundle(value).data["text/plain"]));
}

function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replace(/\u001b\[\d+m/g, "");
}

test("plain values are shown as util.inspect shows them, in colours", () => {
  expect(toMimeBundle(1)).toEqual({ data: { "text/plain": "\u001b[33m1\u001b[39m" }, metadata: {} });
  expect(plain("a")).toBe("'a'");
  expect(plain({ a: [1, { b: null }] })).toBe("{ a: [ 1, { b: null } ] }");
  expect(plain(new Map([["k", new Set([1])]]))).toBe("Map(1) { 'k' => Set(1) { 1 } }");
  expect(plain(undefined)).toBe("undefined");
  expect(plain(10n)).toBe("10n");
});

test("an error shows its message, its stack and its cause", () => {
  const text = plain(new TypeError("outer", { cause: new Error("inner") }));
  expect(text).toMatch(/^TypeError: outer\n {4}at /);
  expect(text).toContain("[cause]: Error: inner");
});

test("own getters are not run", () => {
  let runs = 0;
  const value = Object.defineProperties(
    {},
    Object.fromEntries(
      ["shape", "kind", "size", "$schema", "numRows", "print", JUPYTER_DISPLAY].map((key) => [
        key,
        { get: () => ++runs, enumerable: true },
      ]),
    ),
  );
  expect(plain(value)).toContain("shape: [Getter]");
  expect(runs).toBe(0);
});

test("nothing is asked of a proxy", () => {
  const asked: PropertyKey[] = [];
  const proxy = new Proxy({ a: 1 }, { get: (_, key) => asked.push(key), has: (_, key) => asked.push(key) > 0 });
  expect(plain(proxy)).toBe("{ a: 1 }");
  expect(asked).toEqual([]);
});

test("a value that throws when it is looked at gives a line that says so", () => {
  const value = {
    get [Symbol.toStringTag](): string {
      throw new Error("no name");
    },
  };
  expect(plain(value)).toBe("[object that cannot be shown: no name]");
  const custom = {
    a: 1,
    [Symbol.for("nodejs.util.inspect.custom")]() {
      throw new Error("no");
    },
  };
  expect(plain(custom)).toContain("a: 1");
});

test("huge values are capped and say how much is missing", () => {
  const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i]));
  expect(plain(keys)).toContain("\n... 19,500 more keys");
  expect(plain("x".repeat(1e6))).toContain("990000 more characters");
  expect(plain(Array.from({ length: 1e5 }, (_, i) => i))).toContain("99900 more items");
  const deep = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => new Array(100).fill("text")));
  expect(plain(deep).length).toBeLessThan(60_000);
});

test("an object says by Jupyter.display how it is shown, and text/plain is added where it is missing", () => {
  class Celsius {
    readonly degrees = 3;
    [JUPYTER_DISPLAY]() {
      return { "text/html": `<b>${this.degrees} °C</b>` };
    }
  }
  const { data } = toMimeBundle(new Celsius());
  expect(data["text/html"]).toBe("<b>3 °C</b>");
  expect(withoutColours(String(data["text/plain"]))).toMatch(/^Celsius \{\s+degrees: 3/);
});

test("a promised bundle comes in `pending`, and a rejected one as its error", async () => {
  const first = toMimeBundle({ [JUPYTER_DISPLAY]: async () => ({ "text/plain": "later" }) });
  expect(first.data).toEqual({ "text/plain": "..." });
  expect((await first.pending)?.data).toEqual({ "text/plain": "later" });
  const rejected = toMimeBundle({ [JUPYTER_DISPLAY]: () => Promise.reject(new Error("offline")) });
  expect((await rejected.pending)?.data["text/plain"]).toContain("Jupyter.display failed: offline");
});

test("a Jupyter.display that throws or gives no object shows its error", () => {
  const throwing = {
    [JUPYTER_DISPLAY]() {
      throw new Error("broken");
    },
  };
  expect(plain(throwing)).toBe("Jupyter.display failed: broken");
  expect(plain({ [JUPYTER_DISPLAY]: () => 3 })).toBe("Jupyter.display failed: got 3, expected an object of MIME types");
});

test("an empty bundle shows nothing", () => {
  expect(toMimeBundle({ [JUPYTER_DISPLAY]: () => ({}) }).data).toEqual({});
});

test("bytes travel in base64, and what JSON cannot hold is named", () => {
  const { data } = toMimeBundle({
    [JUPYTER_DISPLAY]: () => ({ "image/png": new Uint8Array([1, 2, 3]), "application/json": { n: 1n } }),
  });
  expect(data["image/png"]).toBe("AQID");
  expect(Object.keys(data).sort()).toEqual(["image/png", "text/plain"]);
  expect(data["text/plain"]).toContain("[cannot be sent as JSON: application/json]");
});

test("IPython's form with metadata is taken too", () => {
  const bundle = { data: { "text/plain": "x" }, metadata: { "text/plain": { a: 1 } } };
  expect(toMimeBundle({ [JUPYTER_DISPLAY]: () => bundle })).toEqual(bundle);
});

const anyValue = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

test("any value gives text and nothing throws", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(typeof toMimeBundle(value).data["text/plain"]).toBe("string");
      JSON.stringify(toMimeBundle(value).data);
    }),
    { numRuns: 300 },
  );
});

const recognised = ["shape", "kind", "dtype", "size", "data", "columns", "index", "values", "$schema", "numRows"];
const methods = ["columnNames", "objects", "getter", "print", "dataSync", "arraySync", "then", "constructor"];

test("any value that looks like a tensor, table, chart or display gives text and nothing throws", async () => {
  const key = fc.constantFrom(...recognised, ...methods);
  const content = fc.oneof(
    anyValue,
    fc.func(anyValue),
    fc.constant(throwing),
    fc.constant("https://v/vega-lite/v5.json"),
  );
  const bundle = fc.oneof(
    anyValue,
    fc.dictionary(fc.constantFrom("text/plain", "text/html", "data", "metadata"), anyValue),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(key, content),
      fc.option(bundle),
      fc.boolean(),
      async (members, given, inherited) => {
        const own = given === null ? {} : { [JUPYTER_DISPLAY]: () => given };
        const value: unknown = inherited ? Object.create({ ...members, ...own }) : { ...members, ...own };
        const { data, pending } = toMimeBundle(value);
        for (const shown of [data, (await pending)?.data ?? data]) {
          const asksForNothing = given !== null && Object.keys(shown).length === 0;
          expect(asksForNothing || typeof shown["text/plain"] === "string").toBe(true);
          JSON.stringify(shown);
        }
      },
    ),
    { numRuns: 300 },
  );
});

function throwing(): never {
  throw new Error("called");
}
