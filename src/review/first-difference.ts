export interface TextPair {
  readonly expected: string;
  readonly found: string;
}

const BEFORE = 40;
const AFTER = 60;

/** The surroundings of the first character in which two texts differ, in both; null for equal texts. */
export function firstDifference(expected: string, found: string): TextPair | null {
  if (expected === found) return null;
  const longest = Math.max(expected.length, found.length);
  let at = 0;
  while (at < longest && expected[at] === found[at]) at++;
  return { expected: around(expected, at), found: around(found, at) };
}

function around(text: string, at: number): string {
  const start = Math.max(0, at - BEFORE);
  const end = Math.min(text.length, at + AFTER);
  const part = text.slice(start, end).replaceAll(/\s+/g, " ");
  return `${start > 0 ? "…" : ""}${part}${end < text.length ? "…" : ""}`;
}
