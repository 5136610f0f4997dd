// One text per value, so that a hash of it identifies the value. Follows RFC 8785 (JSON Canonicalization Scheme): keys
// sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript prints them. Stricter than
// JSON.stringify: what JSON cannot say (NaN, infinities, functions, class instances, holes, lone surrogates) throws
// instead of turning into null or {}. Members whose value is undefined are dropped; -0 prints as 0.

import { LabelfreeError } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Canonical JSON text of a plain value.
 * @throws LabelfreeError `json/not-canonical` with the path of the value that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  return print(value, "$", []);
}

function print(value: unknown, path: string, ancestors: readonly object[]): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw notCanonical(path, String(value), "a finite number");
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw notCanonical(path, "a lone surrogate", "well-formed text");
    return JSON.stringify(value);
  }
  if (typeof value !== "object") throw notCanonical(path, typeof value, "a JSON value");
  if (ancestors.includes(value)) throw notCanonical(path, "a cycle", "a tree");
  const inside = [...ancestors, value];
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => print(item, `${path}[${index}]`, inside)).join(",")}]`;
  }
  return printObject(value, path, inside);
}

function printObject(value: object, path: string, inside: readonly object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notCanonical(path, `an instance of ${value.constructor?.name}`, "a plain object");
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${print(key, path, [])}:${print(member, `${path}.${key}`, inside)}`).join(",")}}`;
}

function notCanonical(path: string, got: string, expected: string): LabelfreeError {
  return new LabelfreeError("json/not-canonical", `canonical JSON at ${path}: got ${got}, expected ${expected}`, {
    fields: { path, got },
  });
}
