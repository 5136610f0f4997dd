import type { MimeBundle } from "../evaluation/types.ts";

/** What a value looks like; `pending` resolves to the whole bundle where drawing takes time (charts, promised displays). */
export interface DisplayBundle {
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
  readonly pending?: Promise<DisplayBundle>;
}

/** A bundle of text alone. */
export function textBundle(text: string): DisplayBundle {
  return { data: { "text/plain": text }, metadata: {} };
}

/** Message of anything that was thrown, even of what throws when it is read. */
export function thrownText(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message === "" ? thrown.name : thrown.message;
    return String(thrown);
  } catch {
    return "an error that cannot be shown";
  }
}
