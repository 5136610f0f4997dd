import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOS, decode, EOS, encode, PAD, VOCABULARY } from "../../src/tasks/micro/vocabulary.ts";

const text = fc.string({ unit: fc.constantFrom(..."0123456789+-=;#? ") });

describe("vocabulary", () => {
  it("has 20 distinct tokens, of which the last three are special", () => {
    expect(new Set(VOCABULARY).size).toBe(20);
    expect(VOCABULARY.length).toBe(20);
    expect([PAD, BOS, EOS].map((id) => VOCABULARY[id])).toEqual(["<pad>", "<bos>", "<eos>"]);
  });

  it("gives back every text that it encodes, one token per character", () => {
    fc.assert(
      fc.property(text, (original) => {
        const ids = encode(original);
        expect(ids.length).toBe(original.length);
        expect(decode(ids)).toBe(original);
      }),
    );
  });

  it("gives digits their own value as id", () => {
    expect(encode("0123456789")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("shows special tokens inside a text rather than dropping them", () => {
    expect(decode([...encode("#4"), PAD, ...encode("2")])).toBe("#4<pad>2");
  });

  it("says which character it does not know and where", () => {
    expect(() => encode("37x5")).toThrow('encode: unknown character at position 2, got "x"');
    expect(() => encode("1\n")).toThrow(expect.objectContaining({ code: "tasks/unknown-character" }));
  });

  it("says which token id it does not know and where", () => {
    expect(() => decode([1, 20])).toThrow("decode: unknown token at position 1, got 20, expected an id of 0 to 19");
    for (const id of [-1, 1.5, Number.NaN]) {
      expect(() => decode([id])).toThrow(expect.objectContaining({ code: "tasks/unknown-token" }));
    }
  });
});
