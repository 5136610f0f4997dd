// A chart: its SVG is there at once, as an image, in which no script of its own can run; a script of the page draws the
// interactive chart from the spec beside it, and printing takes the image again.

import { escapeHtml, scriptJson } from "./escape-html.ts";
import type { Freshness } from "./page-sources.ts";

export interface Chart {
  readonly svg: string | null;
  /** Vega-Lite; null where there is only an image. */
  readonly spec: unknown;
  /** What is shown, in words, where neither spec nor SVG tells. */
  readonly fallback: string;
  readonly freshness: Freshness | null;
}

/** HTML of a chart. */
export function chartHtml({ svg, spec, fallback, freshness }: Chart): string {
  const alternative = describeSpec(spec) ?? (svg === null ? null : describeSvg(svg)) ?? fallback;
  const still = svg === null ? `<p class="still">${escapeHtml(fallback)}</p>` : stillImage(svg, alternative);
  const live =
    spec === null
      ? ""
      : `<div class="live" hidden></div><script type="application/json" class="spec">${scriptJson(spec)}</script>`;
  const caption =
    freshness === null
      ? ""
      : `<figcaption class="${freshness.isStale ? "stale" : "fresh"}">${escapeHtml(freshness.text)}.</figcaption>`;
  const width = svg === null ? undefined : sizeOf(svg)?.width;
  const style = width === undefined ? "" : ` style="--natural:${width}px"`;
  return `<figure class="chart" data-label="${escapeHtml(alternative)}"${style}>${still}${live}${caption}</figure>`;
}

/** An image from bytes in base64, or from an SVG's text. */
export function dataUri(type: string, content: string): string {
  if (type !== "image/svg+xml") return `data:${type};base64,${content.replaceAll(/\s/g, "")}`;
  const encoded = content.trim().replaceAll(/[%#\r\n\t]|[^ -~]+/gu, (part) => encodeURIComponent(part));
  return `data:image/svg+xml,${encoded}`;
}

function stillImage(svg: string, alternative: string): string {
  const size = sizeOf(svg);
  const attributes = size === null ? "" : ` width="${size.width}" height="${size.height}"`;
  const source = escapeHtml(dataUri("image/svg+xml", svg));
  return `<div class="still"><img src="${source}" alt="${escapeHtml(alternative)}"${attributes}></div>`;
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } | null {
  const found = /<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sheight="([\d.]+)"/.exec(svg);
  return found === null ? null : { width: Math.round(Number(found[1])), height: Math.round(Number(found[2])) };
}

/** Description, or title and subtitle, of a Vega-Lite spec. */
function describeSpec(spec: unknown): string | null {
  const { description, title } = asRecord(spec);
  const { text, subtitle } = typeof title === "string" || Array.isArray(title) ? { text: title } : asRecord(title);
  const heading = [text, subtitle].map(inOneLine).filter((line) => line !== "");
  const parts = [...heading, inOneLine(description)].filter((line) => line !== "");
  return parts.length === 0 ? null : parts.map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`)).join(" ");
}

function describeSvg(svg: string): string | null {
  const title = /<title[^>]*>([^<]+)<\/title>/.exec(svg)?.[1].trim();
  return title === undefined || title === "" ? null : title;
}

function inOneLine(value: unknown): string {
  const lines: unknown[] = Array.isArray(value) ? value : [value];
  return lines
    .filter((line) => typeof line === "string")
    .join(" ")
    .trim();
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> & { text?: unknown; subtitle?: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
