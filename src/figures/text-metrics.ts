// Text widths from a committed table, so that a figure's layout depends neither on node-canvas, which vega would use
// where it finds it, nor on the machine's fonts. Kerning is left out: it moves a label by less than a pixel.

import * as vega from "vega";
import { LabelfreeError } from "../core/errors.ts";
import { BOLD_WIDTHS, REGULAR_WIDTHS, UNITS_PER_EM } from "./dejavu-widths.ts";

// exported by vega, absent from its type declarations
declare module "vega" {
  export const textMetrics: { width: (item: MeasuredItem, text: string | number | null | undefined) => number };
}

interface MeasuredItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

export interface TextStyle {
  readonly fontSize: number;
  readonly bold?: boolean;
}

/**
 * Width of one line of text in pixels, set in DejaVu Sans.
 * @throws LabelfreeError `figure/unknown-character` for a character that the width table does not hold.
 */
export function textWidth(text: string, { fontSize, bold = false }: TextStyle): number {
  const widths = bold ? BOLD : REGULAR;
  let units = 0;
  for (const character of text) {
    const width = widths.get(character);
    if (width === undefined) throw unknownCharacter(character, text);
    units += width;
  }
  return (units * fontSize) / UNITS_PER_EM;
}

/** Breaks text at blanks into lines no wider than `widthPx`; a single wider word keeps a line of its own. */
export function wrapText(text: string, widthPx: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, style) <= widthPx)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Makes vega measure text by this table; the setting is vega's own and global. */
export function installTextMetrics(): void {
  vega.textMetrics.width = (item, text) => {
    const style = { fontSize: item.fontSize ?? 11, bold: isBold(item.fontWeight) };
    return textWidth(`${text ?? ""}`.trim(), style);
  };
}

function isBold(weight: string | number | undefined): boolean {
  return weight === "bold" || Number(weight) >= 600;
}

function readWidths(rows: readonly (readonly [number, string])[]): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap(([first, widths]) =>
      widths
        .split(" ")
        .map((width, index): [string, number] => [String.fromCodePoint(first + index), Number.parseInt(width, 36)]),
    ),
  );
}

const REGULAR = readWidths(REGULAR_WIDTHS);
const BOLD = readWidths(BOLD_WIDTHS);

function unknownCharacter(character: string, text: string): LabelfreeError {
  const codePoint = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  return new LabelfreeError(
    "figure/unknown-character",
    `figure text "${text}": got ${codePoint}, expected a character of DejaVu Sans's Latin, Greek or symbol blocks`,
    { fields: { codePoint, text } },
  );
}
