// User code may hand over any value, and clients read strict JSON: JSON.stringify throws on bigints and cycles, and
// lets halves of surrogate pairs pass as escapes, on which Python clients fail when they save the notebook.

const LONE_SURROGATE_MAYBE = /\\ud[89a-f]/;

/** JSON for a client; never throws. Bigints become decimal text, lone surrogates U+FFFD, a cycle a note. */
export function toWireJson(value: unknown): string {
  try {
    const text = JSON.stringify(value, plainValue) ?? "null";
    return LONE_SURROGATE_MAYBE.test(text) ? JSON.stringify(value, wellFormedValue) : text;
  } catch (error) {
    return JSON.stringify(value, withoutCycles(error));
  }
}

function plainValue(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function wellFormedValue(_key: string, value: unknown): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return plainValue(_key, value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [wellFormed(name), member]));
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

function withoutCycles(error: unknown): (key: string, value: unknown) => unknown {
  const note = `[not JSON: ${error instanceof Error ? error.message.split("\n")[0] : "unknown"}]`;
  const depths = new WeakMap<object, number>();
  return function (this: unknown, key, value) {
    if (typeof value !== "object" || value === null) return wellFormedValue(key, value);
    const depth = (typeof this === "object" && this !== null ? (depths.get(this) ?? 0) : 0) + 1;
    if (depths.has(value) || depth > 100) return note;
    depths.set(value, depth);
    return value;
  };
}
