// Values that carry their own MIME bundle. As in Deno, any object with a method under Symbol.for("Jupyter.display")
// says how it is shown; what follows are the ready-made ones. They show where they are the last expression of a cell
// or are handed to display().

import type { MimeBundle } from "../evaluation/types.ts";
import { cutText } from "./inspect-text.ts";
import { escapeHtml } from "./table.ts";

/** The symbol of the method that gives an object's MIME bundle, or a promise of it. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

export interface Displayable {
  [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

/** HTML, from a string as it is or from a template whose `${values}` are escaped, other html`` values apart. */
export function html(source: string | TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = typeof source === "string" ? source : fillTemplate(source, values);
  return new Shown({ "text/html": text, "text/plain": cutText(withoutTags(text)) });
}

/** Markdown, from a string or a template. */
export function markdown(source: string | TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = plainTemplate(source, values);
  return new Shown({ "text/markdown": text, "text/plain": cutText(text) });
}

/** LaTeX, from a string or a template read raw: latex`$\frac{1}{2}$`. */
export function latex(source: string | TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = plainTemplate(source, values);
  return new Shown({ "text/latex": text, "text/plain": cutText(text) });
}

/** A drawing in SVG, from a string or a template. */
export function svg(source: string | TemplateStringsArray, ...values: readonly unknown[]): Displayable {
  const text = plainTemplate(source, values);
  return new Shown({ "image/svg+xml": text, "text/plain": `SVG drawing, ${text.length} characters` });
}

/** A picture in PNG. */
export function png(bytes: Uint8Array): Displayable {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return new Shown({ "image/png": base64, "text/plain": `PNG picture, ${bytes.byteLength} bytes` });
}

/**
 * A value that the notebook shows as a tree.
 * @throws TypeError for what JSON cannot hold (a bigint, a cycle).
 */
export function json(value: unknown): Displayable {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return new Shown({ "application/json": JSON.parse(text), "text/plain": cutText(text) });
}

class Shown implements Displayable {
  readonly #bundle: MimeBundle;

  constructor(bundle: MimeBundle) {
    this.#bundle = bundle;
  }

  [JUPYTER_DISPLAY](): MimeBundle {
    return this.#bundle;
  }

  static htmlOf(value: unknown): string | undefined {
    const text =
      typeof value === "object" && value !== null && #bundle in value ? value.#bundle["text/html"] : undefined;
    return typeof text === "string" ? text : undefined;
  }
}

function fillTemplate(template: TemplateStringsArray, values: readonly unknown[]): string {
  const part = (value: unknown): string =>
    Array.isArray(value) ? value.map(part).join("") : (Shown.htmlOf(value) ?? escapeHtml(String(value)));
  return template.reduce((text, piece, i) => text + part(values[i - 1]) + piece);
}

function plainTemplate(source: string | TemplateStringsArray, values: readonly unknown[]): string {
  return typeof source === "string" ? source : String.raw(source, ...values);
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  nbsp: " ",
};

function withoutTags(text: string): string {
  return text
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, "")
    .replace(/<br\b[^>]*>|<\/(p|div|li|tr|h\d)>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => NAMED_ENTITIES[name])
    .replace(/\n{2,}/g, "\n")
    .trim();
}
