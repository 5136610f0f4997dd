// Advance widths of Helvetica (from its AFM file, in thousandths of the font size) for the printable ASCII characters:
// close to what a browser's sans-serif font takes, and the same on every machine.

const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
const OTHER = 600;
const WIDE = 1000;

/** Width in pixels of a line of text in a sans-serif font of this size. */
export function estimateTextWidth(text: string, fontSizePx: number): number {
  let thousandths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    thousandths += WIDTHS[code - 32] ?? (code >= 0x1100 ? wideOr(code) : OTHER);
  }
  return (thousandths * fontSizePx) / 1000;
}

/** CJK, Hangul, full-width forms and emoji fill a square. */
function wideOr(code: number): number {
  const isWide =
    code <= 0x115f || (code >= 0x2e80 && code <= 0xd7ff) || (code >= 0xf900 && code <= 0xffdc) || code >= 0x1f000;
  return isWide ? WIDE : OTHER;
}
