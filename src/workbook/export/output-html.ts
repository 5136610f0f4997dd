// An output of a cell as HTML: of the forms that it comes in, the one that says most.

import { isJsonMime, type Output } from "../notebook.ts";
import { ansiHtml, ansiText } from "./ansi-html.ts";
import { chartHtml, dataUri } from "./chart-html.ts";
import { escapeHtml } from "./escape-html.ts";
import { mathHtml } from "./math-html.ts";
import type { Freshness } from "./page-sources.ts";
import { htmlText, type SafeHtmlOptions, safeHtml } from "./safe-html.ts";

export interface OutputContext extends SafeHtmlOptions {
  /** Said below a chart with this SVG; null: nothing. */
  readonly freshnessOf: (svg: string | null) => Freshness | null;
  readonly markdown: (source: string) => string;
}

export interface OutputHtml {
  readonly html: string;
  /** What a search looks at. */
  readonly text: string;
  readonly has: ReadonlySet<"chart" | "math">;
}

const VEGA_LITE = /^application\/vnd\.vegalite\.v\d+(?:\.\d+)*\+json$/;
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const BASE64 = /^[A-Za-z0-9+/=\s]*$/;

/** HTML of an output. */
export function outputHtml(output: Output, context: OutputContext): OutputHtml {
  if (output.output_type === "stream") {
    const isError = output.name === "stderr";
    const label = isError ? "standard error" : "output";
    return plain(output.text, isError ? "stderr" : "stdout", label);
  }
  if (output.output_type === "error") {
    const { ename, evalue, traceback } = output;
    const text = traceback.length === 0 ? `${ename}: ${evalue}` : traceback.join("\n");
    const heading = `<p class="error-name">${escapeHtml(ename)}: ${escapeHtml(evalue)}</p>`;
    const { html } = plain(text, "traceback", "traceback");
    return {
      html: `<div class="error" role="group" aria-label="Error">${heading}${html}</div>`,
      text: `${ename}: ${evalue}`,
      has: new Set(),
    };
  }
  return bundleHtml(output.data, context);
}

function bundleHtml(data: Readonly<Record<string, unknown>>, context: OutputContext): OutputHtml {
  const text = textIn(data, "text/plain") ?? "";
  const shown = (html: string, ...has: ("chart" | "math")[]): OutputHtml => ({ html, text, has: new Set(has) });
  const spec = Object.entries(data).find(([type]) => VEGA_LITE.test(type))?.[1] ?? null;
  const svg = textIn(data, "image/svg+xml");
  if (spec !== null || svg !== null) {
    const fallback = text.trim() || "A chart.";
    const html = chartHtml({ svg, spec, fallback, freshness: context.freshnessOf(svg) });
    return spec === null ? shown(html) : shown(html, "chart");
  }
  for (const type of IMAGES) {
    const content = textIn(data, type);
    if (content === null || !BASE64.test(content)) continue;
    return shown(
      `<div class="picture"><img src="${dataUri(type, content)}" alt="${escapeHtml(text.trim() || "Image")}"></div>`,
    );
  }
  const html = textIn(data, "text/html");
  if (html !== null) {
    const clean = safeHtml(html, context);
    return {
      html: `<div class="rich scroll" tabindex="0" role="group" aria-label="Result">${clean}</div>`,
      text: htmlText(html),
      has: new Set(),
    };
  }
  const markdown = textIn(data, "text/markdown");
  if (markdown !== null) return shown(`<div class="rich">${context.markdown(markdown)}</div>`, "math");
  const latex = textIn(data, "text/latex");
  if (latex !== null) {
    const tex = latex.trim().replace(/^\$\$?([^]*?)\$?\$$/, "$1");
    return shown(`<div class="rich">${mathHtml(tex, true)}</div>`, "math");
  }
  if (text !== "") return plain(text, "result", "result");
  const json = Object.entries(data).find(([type]) => isJsonMime(type));
  if (json !== undefined) return plain(JSON.stringify(json[1], null, 2), "result", "result");
  const types = Object.keys(data).join(", ") || "nothing";
  return shown(`<p class="unshown">An output that a page cannot show (${escapeHtml(types)}).</p>`);
}

function plain(text: string, kind: string, label: string): OutputHtml {
  const html = `<pre class="${kind}" tabindex="0" role="group" aria-label="${label}">${ansiHtml(text.replace(/\n$/, ""))}</pre>`;
  return { html, text: ansiText(text), has: new Set() };
}

function textIn(data: Readonly<Record<string, unknown>>, type: string): string | null {
  const content = data[type];
  return typeof content === "string" && content !== "" ? content : null;
}
