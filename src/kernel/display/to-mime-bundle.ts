// What a value looks like in a notebook. Never throws and always has text/plain, with one exception: an object whose
// own Jupyter.display method gives an empty bundle asks to show nothing, and shows nothing.

import type { MimeBundle } from "../evaluation/types.ts";
import type { DisplayBundle } from "./bundle.ts";
import { textBundle, thrownText } from "./bundle.ts";
import { asChart, chartBundle } from "./chart.ts";
import { JUPYTER_DISPLAY } from "./displayable.ts";
import { inspectText } from "./inspect-text.ts";
import { numbersText } from "./numbers.ts";
import { isReadable, readMember } from "./read-member.ts";
import { tableBundle } from "./table.ts";
import { asTable } from "./table-sources.ts";

/** The MIME bundle of any value; its `pending`, where there is one, resolves (never rejects) to the final bundle. */
export function toMimeBundle(value: unknown): DisplayBundle {
  try {
    return chart(value) ?? ownBundle(value) ?? knownBundle(value) ?? textBundle(inspectText(value));
  } catch (error) {
    return textBundle(`${inspectText(value)}\n[its display failed: ${thrownText(error)}]`);
  }
}

function chart(value: unknown): DisplayBundle | undefined {
  const spec = asChart(value);
  return spec === undefined ? undefined : chartBundle(spec);
}

function knownBundle(value: unknown): DisplayBundle | undefined {
  const table = asTable(value);
  if (table !== undefined) {
    const { html, text } = tableBundle(table);
    return { data: { "text/html": html, "text/plain": text }, metadata: {} };
  }
  const numbers = numbersText(value);
  return numbers === undefined ? undefined : textBundle(numbers);
}

function ownBundle(value: unknown): DisplayBundle | undefined {
  if (!isReadable(value)) return undefined;
  const method = readMember(value, JUPYTER_DISPLAY);
  if (typeof method !== "function") return undefined;
  let given: unknown;
  try {
    given = Reflect.apply(method, value, []);
  } catch (error) {
    return failed(error);
  }
  if (!isPromiseLike(given)) return complete(given, value);
  const pending = Promise.resolve(given).then(
    (bundle) => complete(bundle, value),
    (error: unknown) => failed(error),
  );
  return { ...textBundle("..."), pending };
}

function failed(error: unknown): DisplayBundle {
  return textBundle(`\u001b[31mJupyter.display failed: ${thrownText(error)}\u001b[39m`);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return isReadable(value) && typeof readMember(value, "then") === "function";
}

/** Checks what a Jupyter.display method gave and adds text/plain where it is missing. */
function complete(given: unknown, value: unknown): DisplayBundle {
  if (typeof given !== "object" || given === null) {
    return failed(`got ${inspectText(given)}, expected an object of MIME types`);
  }
  const { data, metadata } = withMetadata(given as MimeBundle);
  const entries = Object.entries(data);
  if (entries.length === 0) return { data: {}, metadata: {} };
  const dropped: string[] = [];
  const kept = entries.flatMap(([type, content]) => {
    const sendable = toSendable(content);
    if (sendable === undefined) dropped.push(type);
    return sendable === undefined ? [] : [[type, sendable] as const];
  });
  const bundle: Record<string, unknown> = Object.fromEntries(kept);
  const note = dropped.length === 0 ? "" : `\n[cannot be sent as JSON: ${dropped.join(", ")}]`;
  if (typeof bundle["text/plain"] !== "string") bundle["text/plain"] = `${inspectText(value)}${note}`;
  return { data: bundle, metadata };
}

/** Also takes IPython's form, {data, metadata}. */
function withMetadata(given: MimeBundle): { data: MimeBundle; metadata: MimeBundle } {
  const { data, metadata } = given;
  if (typeof data !== "object" || data === null) return { data: given, metadata: {} };
  const isSendable = typeof metadata === "object" && metadata !== null && toSendable(metadata) !== undefined;
  return { data: data as MimeBundle, metadata: isSendable ? (metadata as MimeBundle) : {} };
}

/** The content as it can travel: bytes in base64, anything else as JSON, undefined for what JSON cannot hold. */
function toSendable(content: unknown): unknown {
  if (typeof content === "string") return content;
  if (content instanceof Uint8Array) {
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
  }
  try {
    const text = JSON.stringify(content);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
