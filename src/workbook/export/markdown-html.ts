// A Markdown cell as HTML. Formulas and code become HTML of our own making; places are kept for them while all the rest,
// raw HTML among it, goes through safeHtml.

import { Marked, type TokenizerAndRendererExtension } from "marked";
import { escapeHtml } from "./escape-html.ts";
import { highlightCode } from "./highlight-code.ts";
import { mathHtml } from "./math-html.ts";
import { htmlText, type SafeHtmlOptions, safeHtml } from "./safe-html.ts";

export interface Heading {
  readonly level: number;
  readonly id: string;
  /** Without markup; formulas as TeX. */
  readonly text: string;
}

export interface MarkdownHtml {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** What a search looks at, by the heading above it: those of `headings`, and first what stands before any. */
  readonly texts: readonly string[];
  /** Its first paragraph; empty where there is none. */
  readonly summary: string;
  readonly hasMath: boolean;
}

interface Kept {
  readonly html: string;
  readonly text: string;
}

// private-use characters mark the places; a cell's own are taken out
const OPEN = "\ue000";
const CLOSE = "\ue001";
const PLACE = /\ue000(\d+)\ue001/g;
const DISPLAY = /^(?:\$\$([^]+?)\$\$|\\\[([^]+?)\\\])/;
// as pandoc has it: no space inside the dollars, no digit after them
const INLINE = /^(?:\$(?!\s)((?:[^$\\\n]|\\[^\n])+?)(?<!\s)\$(?!\d)|\\\((.+?)\\\))/;

/** HTML of a Markdown text; `idOf` gives each heading an id that is free on the page. */
export function markdownHtml(
  source: string,
  { idOf, ...safe }: SafeHtmlOptions & { readonly idOf: (text: string) => string },
): MarkdownHtml {
  const kept: Kept[] = [];
  let hasMath = false;
  const keep = (html: string, text: string): string => `${OPEN}${kept.push({ html, text }) - 1}${CLOSE}`;
  const keepMath = (tex: string, isDisplay: boolean): string => {
    hasMath = true;
    return keep(mathHtml(tex, isDisplay), tex);
  };
  const marked = new Marked({ gfm: true });
  marked.use({
    extensions: [mathBlock(keepMath), mathInline(keepMath)],
    renderer: {
      code({ text, lang = "" }) {
        const language = lang.split(/\s/, 1)[0];
        const html = `<pre class="code" tabindex="0"><code>${highlightCode(text, language || "text")}</code></pre>`;
        return keep(html, text);
      },
      codespan: ({ text }) => keep(`<code>${escapeHtml(text)}</code>`, text),
      checkbox: ({ checked }) => keep(checked ? "☑ " : "☐ ", checked ? "☑" : "☐"),
    },
  });
  const raw = marked.parse(source.replaceAll(/[\ue000\ue001]/g, "\ufffd"), { async: false });
  const textOf = (html: string) => htmlText(html).replaceAll(PLACE, (_, index: string) => kept[Number(index)].text);
  const headings: Heading[] = [];
  const clean = safeHtml(raw, safe);
  const html = clean
    .replaceAll(/<h([1-6])>([^]*?)<\/h\1>/g, (_, level: string, inner: string) => {
      const text = textOf(inner);
      const id = idOf(text);
      headings.push({ level: Number(level), id, text });
      const link = `<a class="anchor" href="#${escapeHtml(id)}" aria-label="Link to this section">#</a>`;
      return `<h${level} id="${escapeHtml(id)}">${inner}${link}</h${level}>`;
    })
    .replaceAll(/<table>[^]*?<\/table>/g, (table) => `<div class="scroll" tabindex="0">${table}</div>`)
    .replaceAll(PLACE, (_, index: string) => kept[Number(index)].html);
  const summary = textOf(/<p>([^]*?)<\/p>/.exec(clean)?.[1] ?? "");
  return { html, headings, summary, texts: clean.split(/<h[1-6]>[^]*?<\/h[1-6]>/).map(textOf), hasMath };
}

type KeepMath = (tex: string, isDisplay: boolean) => string;

function mathBlock(keepMath: KeepMath): TokenizerAndRendererExtension {
  return {
    name: "mathBlock",
    level: "block",
    start: (text) => indexOrNone(text.search(/\$\$|\\\[/)),
    tokenizer(text) {
      const match = /^ {0,3}(?:\$\$([^]+?)\$\$|\\\[([^]+?)\\\])[^\S\n]*(?:\n|$)/.exec(text);
      return match === null ? undefined : { type: "mathBlock", raw: match[0], tex: match[1] ?? match[2] };
    },
    renderer: ({ tex }) => `<p>${keepMath(String(tex).trim(), true)}</p>`,
  };
}

function mathInline(keepMath: KeepMath): TokenizerAndRendererExtension {
  return {
    name: "mathInline",
    level: "inline",
    start: (text) => indexOrNone(text.search(/\$|\\[([]/)),
    tokenizer(text) {
      const display = DISPLAY.exec(text);
      const match = display ?? INLINE.exec(text);
      if (match === null) return undefined;
      return { type: "mathInline", raw: match[0], tex: match[1] ?? match[2], isDisplay: display !== null };
    },
    renderer: ({ tex, isDisplay }) => keepMath(String(tex).trim(), isDisplay === true),
  };
}

function indexOrNone(index: number): number | undefined {
  return index < 0 ? undefined : index;
}
