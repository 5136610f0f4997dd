import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BOS,
  CHARACTER_COUNT,
  decode,
  EOS,
  encode,
  PAD,
  PROGRAM_WORDS,
  VOCABULARY,
} from "../../src/tasks/micro/vocabulary.ts";

const text = fc.string({ unit: fc.constantFrom(..."0123456789+-=;#? ") });
const ids = fc.array(fc.nat({ max: PAD - 1 }));

describe("vocabulary", () => {
  it("has 37 distinct tokens: 17 characters, 17 words, and three special ones", () => {
    expect(new Set(VOCABULARY).size).toBe(37);
    expect(VOCABULARY.length).toBe(37);
    expect(VOCABULARY.slice(0, CHARACTER_COUNT).join("")).toBe("0123456789+-=;#? ");
    expect(VOCABULARY.slice(CHARACTER_COUNT, PAD)).toEqual([
      ...["ann has ", "ben has ", "eva has ", "tom has "],
      ...[", gets ", ", finds ", ", wins ", ", loses ", ", eats ", ", gives "],
      ...[" 01)", " 02)", " 03)", " 04)"],
      ...["a", "b", "print(a)"],
    ]);
    expect([PAD, BOS, EOS]).toEqual([34, 35, 36]);
    expect([PAD, BOS, EOS].map((id) => VOCABULARY[id])).toEqual(["<pad>", "<bos>", "<eos>"]);
  });

  it("has a token for each word of a program", () => {
    for (const word of PROGRAM_WORDS) expect(encode(word).length).toBe(1);
  });

  it("gives back every text of characters that it encodes, one token per character", () => {
    fc.assert(
      fc.property(text, (original) => {
        const encoded = encode(original);
        expect(encoded.length).toBe(original.length);
        expect(decode(encoded)).toBe(original);
      }),
    );
  });

  it("has one spelling for a text: what any tokens but the special ones decode to is encoded as those tokens", () => {
    fc.assert(
      fc.property(ids, (original) => {
        expect(encode(decode(original))).toEqual(original);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes the words of each form as one token", () => {
    expect(encode("ann has 37, gets 5?").length).toBe(6);
    expect(encode("37+5 01)32 02)40 03)41 04)42?").length).toBe(17);
    expect(encode("a=37;b=5;a+=b;print(a)?").map((id) => VOCABULARY[id])).toEqual([
      ...["a", "=", "3", "7", ";", "b", "=", "5", ";", "a", "+", "=", "b", ";", "print(a)", "?"],
    ]);
  });

  it("gives digits their own value as id", () => {
    expect(encode("0123456789")).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("shows special tokens inside a text rather than dropping them", () => {
    expect(decode([...encode("#4"), PAD, ...encode("2")])).toBe("#4<pad>2");
    expect(() => encode("#4<pad>2")).toThrow('unknown character at position 2, got "<"');
  });

  it("says which character it does not know and where", () => {
    expect(() => encode("37x5")).toThrow('encode: unknown character at position 2, got "x"');
    expect(() => encode("ann has 37, takes 5?")).toThrow('encode: unknown character at position 10, got ","');
    for (const unknown of ["1\n", "ann", "print(b)", "(", ")", "\u0663", "\u{1f600}"]) {
      expect(() => encode(unknown)).toThrow(expect.objectContaining({ code: "tasks/unknown-character" }));
    }
  });

  it("says which token id it does not know and where", () => {
    expect(() => decode([1, 37])).toThrow("decode: unknown token at position 1, got 37, expected an id of 0 to 36");
    for (const id of [-1, 1.5, Number.NaN]) {
      expect(() => decode([id])).toThrow(expect.objectContaining({ code: "tasks/unknown-token" }));
    }
  });
});
