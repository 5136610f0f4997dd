import { expect, test } from "vitest";
import { formatError, isLabelfreeError, LabelfreeError } from "../../src/core/errors.ts";

test("an error keeps its code, fields and cause", () => {
  const cause = new Error("disk on fire");
  const error = new LabelfreeError("file/unreadable", "read a.json: failed", { cause, fields: { path: "a.json" } });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "LabelfreeError", code: "file/unreadable", cause, fields: { path: "a.json" } });
  expect("cause" in new LabelfreeError("a/b", "no cause")).toBe(false);
});

test("isLabelfreeError tells ours from others, and by code", () => {
  const error = new LabelfreeError("spec/invalid", "no");
  expect(isLabelfreeError(error)).toBe(true);
  expect(isLabelfreeError(error, "spec/invalid")).toBe(true);
  expect(isLabelfreeError(error, "spec/other")).toBe(false);
  expect(isLabelfreeError(new Error("no"))).toBe(false);
});

test("formatError prints the message and each cause on a line, without a stack", () => {
  const root = new RangeError("7 is too much\nsecond line");
  const middle = new Error("inner", { cause: root });
  const text = formatError(new LabelfreeError("a/b", "outer: failed", { cause: middle }));
  expect(text).toBe("outer: failed\n  because: inner\n  because: RangeError: 7 is too much");
});

test("formatError leaves out a cause that the message already says, and ends on circular causes", () => {
  const said = new LabelfreeError("a/b", "write x: no space left", { cause: new Error("no space left") });
  expect(formatError(said)).toBe("write x: no space left");
  const circular = new Error("round");
  circular.cause = circular;
  expect(formatError(circular)).toBe("round");
  expect(formatError("a thrown text")).toBe("a thrown text");
  expect(formatError(new TypeError())).toBe("TypeError");
});
