import { inspect, types } from "node:util";
import { thrownText } from "./bundle.ts";

const MAX_TEXT_LENGTH = 50_000;
const MAX_ITEMS = 100;
const MAX_DEPTH = 4;
const MAX_SEEN = 20_000;
const MAX_KEYS = 500;
const MAX_STRING_LENGTH = 10_000;

/** The value by util.inspect in colours, capped; a value that throws when it is looked at gives a line that says so. */
export function inspectText(value: unknown): string {
  const { shown, note } = withFewerKeys(value);
  return cutText(inspectToDepth(shown, affordableDepth(shown))) + note;
}

/** Text of one line for a table's cell. */
export function inspectLine(value: unknown): string {
  return inspectWith(value, {
    depth: 2,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 10,
    maxStringLength: 200,
  });
}

/** Keeps the start of a long text and says how much is missing. */
export function cutText(text: string, maxLength = MAX_TEXT_LENGTH): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, endWithoutHalfPair(text, maxLength));
  return `${kept}\u001b[0m\n... ${(text.length - kept.length).toLocaleString("en-US")} more characters`;
}

/** `length`, or one less where it would cut a surrogate pair in two. */
export function endWithoutHalfPair(text: string, length: number): number {
  const last = text.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}

/** The deepest level that keeps the text short; util.inspect has no limit of its own on nested arrays. */
function affordableDepth(value: unknown): number {
  let level: unknown[] = [value];
  let seen = 0;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    level = level.flatMap(itemsOf);
    seen += level.length;
    if (seen > MAX_SEEN) return Math.max(depth - 1, 0);
  }
  return MAX_DEPTH;
}

/** What is directly inside an array or a plain object, without running getters. */
function itemsOf(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return [];
  const isList = Array.isArray(value);
  if (ArrayBuffer.isView(value)) return [];
  const keys = isList ? Array.from({ length: Math.min(value.length, MAX_ITEMS) }, (_, i) => i) : Object.keys(value);
  return keys.slice(0, MAX_KEYS).map((key) => Object.getOwnPropertyDescriptor(value, key)?.value);
}

function inspectToDepth(value: unknown, depth: number): string {
  return inspectWith(value, {
    colors: true,
    depth,
    breakLength: 100,
    maxArrayLength: MAX_ITEMS,
    maxStringLength: MAX_STRING_LENGTH,
    numericSeparator: false,
  });
}

function inspectWith(value: unknown, options: Parameters<typeof inspect>[1]): string {
  try {
    return inspect(value, options);
  } catch (first) {
    try {
      return inspect(value, { ...options, customInspect: false });
    } catch {
      return `[${typeof value} that cannot be shown: ${thrownText(first)}]`;
    }
  }
}

/** util.inspect caps arrays, maps and sets, not keys: a plain object of a million keys would take seconds. */
function withFewerKeys(value: unknown): { shown: unknown; note: string } {
  const whole = { shown: value, note: "" };
  try {
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return whole;
    const keys = Object.keys(value);
    if (keys.length <= MAX_KEYS) return whole;
    const kept = keys.slice(0, MAX_KEYS).flatMap((key) => {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      return descriptor === undefined ? [] : [[key, descriptor] as const];
    });
    const note = `\n... ${(keys.length - MAX_KEYS).toLocaleString("en-US")} more keys`;
    return { shown: Object.defineProperties({}, Object.fromEntries(kept)), note };
  } catch {
    return whole;
  }
}
