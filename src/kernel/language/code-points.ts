// Jupyter counts cursor positions in code points, JavaScript and TypeScript in UTF-16 units: an emoji is one of the
// first and two of the second.

/** UTF-16 offset of a position in code points; a position outside the text is moved to its nearest end. */
export function toUtf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let i = 0; i < codePoints && offset < text.length; i++) offset += unitsAt(text, offset);
  return offset;
}

/** Position in code points of a UTF-16 offset. */
export function toCodePoints(text: string, utf16Offset: number): number {
  let count = 0;
  for (let offset = 0; offset < Math.min(utf16Offset, text.length); count++) offset += unitsAt(text, offset);
  return count;
}

function unitsAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}
