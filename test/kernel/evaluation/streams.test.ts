import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeMessage, FrameReader } from "../../../src/kernel/evaluation/frames.ts";
import { MarkReader, markBytes, Rendezvous } from "../../../src/kernel/evaluation/marks.ts";

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length];
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

test("frames are read whole however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), sizes, (messages, cuts) => {
      const reader = new FrameReader<unknown>();
      const read = cut(Buffer.concat(messages.map(encodeMessage)), cuts).flatMap((chunk) => reader.push(chunk));
      expect(read).toEqual(messages.map((message) => ({ kind: "message", message })));
    }),
  );
});

test("marks are told from text however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom("\0m", "\0", "m:", ";", "a"), fc.integer({ min: 0, max: 99 })), {
        maxLength: 12,
      }),
      sizes,
      (parts, cuts) => {
        const bytes = Buffer.concat(
          parts.map((part) => (typeof part === "number" ? markBytes("\0mk:", part) : Buffer.from(part))),
        );
        const reader = new MarkReader("\0mk:");
        const read = cut(bytes, cuts).flatMap((chunk) => reader.push(chunk));
        expect(read.filter((part) => typeof part === "number")).toEqual(
          parts.filter((part) => typeof part === "number"),
        );
        const text = parts.filter((part) => typeof part === "string").join("");
        expect(text.startsWith(Buffer.concat(read.filter((part) => typeof part !== "number")).toString())).toBe(true);
      },
    ),
  );
});

test("lanes wait for each other at a mark, and not for one that has ended", () => {
  const seen: string[] = [];
  const rendezvous = new Rendezvous<string>(2, (_lane, item) => seen.push(item));
  rendezvous.push(0, ["a", 1, "d"]);
  rendezvous.push(1, ["b"]);
  expect(seen).toEqual(["a", "b"]);
  rendezvous.push(1, ["c", 1, "e", 2, "h"]);
  expect(seen.slice(2)).toEqual(["c", "d", "e"]);
  rendezvous.push(0, ["f"]);
  rendezvous.end(0);
  expect(seen.slice(5)).toEqual(["f", "h"]);
});
