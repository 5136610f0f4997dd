// What a figure was made from, inside the figure: `<metadata>` in an SVG, an iTXt chunk in a PNG. No date, so that the
// same runs give the same bytes.

import { readFileSync } from "node:fs";
import { canonicalJson } from "../core/canonical-json.ts";
import { LabelfreeError } from "../core/errors.ts";
import { readPngText, writePngText } from "./png-text.ts";

export interface Provenance {
  readonly labelfreeVersion: string;
  readonly scale: string;
  /** Keys of every run that the figure shows, and of other data that it was made from, sorted. */
  readonly runKeys: readonly string[];
  /** Hash of the source that made the runs. */
  readonly codeHash: string;
  /** Hash of each verdict rule that the figure stands beside, by claim. */
  readonly ruleHashes: Readonly<Record<string, string>>;
}

const PACKAGE_JSON = new URL("../../package.json", import.meta.url);

/** Provenance with this package's version filled in and the run keys sorted and made unique. */
export function createProvenance(parts: Omit<Provenance, "labelfreeVersion">): Provenance {
  const { version } = JSON.parse(readFileSync(PACKAGE_JSON, "utf8")) as { version: string };
  return { labelfreeVersion: version, ...parts, runKeys: [...new Set(parts.runKeys)].sort() };
}

const OPENING = '<metadata id="labelfree-provenance">';
const CLOSING = "</metadata>";
const KEYWORD = "labelfree-provenance";

/** The SVG text with the provenance as its first element. */
export function addToSvg(svg: string, provenance: Provenance): string {
  const json = canonicalJson(provenance).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return svg.replace(/^<svg[^>]*>/, (tag) => `${tag}${OPENING}${json}${CLOSING}`);
}

/** The PNG bytes with the provenance in an iTXt chunk after the header. */
export function addToPng(png: Uint8Array, provenance: Provenance): Uint8Array {
  return writePngText(png, KEYWORD, canonicalJson(provenance));
}

/**
 * Provenance of an SVG or PNG file's bytes; null for a figure without one.
 * @throws LabelfreeError `figure/not-a-figure` when the bytes are neither.
 */
export function readProvenance(bytes: Uint8Array): Provenance | null {
  const json = isPng(bytes) ? readPngText(bytes, KEYWORD) : readSvgMetadata(new TextDecoder().decode(bytes));
  return json === null ? null : (JSON.parse(json) as Provenance);
}

function readSvgMetadata(svg: string): string | null {
  if (!svg.includes("<svg")) {
    throw new LabelfreeError("figure/not-a-figure", `provenance: got ${svg.length} bytes, expected an SVG or a PNG`);
  }
  const start = svg.indexOf(OPENING);
  if (start < 0) return null;
  const json = svg.slice(start + OPENING.length, svg.indexOf(CLOSING, start));
  return json.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}
