// Reads what a width table needs from a TrueType file: head (units per em), hhea and hmtx (advance widths) and the
// format-12 cmap (code point to glyph), after the OpenType specification 1.9.

export interface FontWidths {
  readonly unitsPerEm: number;
  widthOf(codePoint: number): number | undefined;
}

export function readFontWidths(bytes: Uint8Array): FontWidths {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = readTableOffsets(view);
  const table = (tag: string): number => {
    const offset = tables.get(tag);
    if (offset === undefined) throw new Error(`truetype: no table ${tag}`);
    return offset;
  };
  const unitsPerEm = view.getUint16(table("head") + 18);
  const widthCount = view.getUint16(table("hhea") + 34);
  const glyphOf = readCharacterMap(view, table("cmap"));
  return {
    unitsPerEm,
    widthOf(codePoint) {
      const glyph = glyphOf(codePoint);
      if (glyph === 0) return undefined;
      return view.getUint16(table("hmtx") + 4 * Math.min(glyph, widthCount - 1));
    },
  };
}

function readTableOffsets(view: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(record + k)));
    tables.set(tag, view.getUint32(record + 8));
  }
  return tables;
}

function readCharacterMap(view: DataView, cmap: number): (codePoint: number) => number {
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const subtable = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    if (view.getUint16(subtable) === 12) return (codePoint) => glyphFromGroups(view, subtable, codePoint);
  }
  throw new Error("truetype: no format-12 character map");
}

function glyphFromGroups(view: DataView, subtable: number, codePoint: number): number {
  for (let i = 0; i < view.getUint32(subtable + 12); i++) {
    const group = subtable + 16 + 12 * i;
    const first = view.getUint32(group);
    if (codePoint >= first && codePoint <= view.getUint32(group + 4)) {
      return view.getUint32(group + 8) + codePoint - first;
    }
  }
  return 0;
}
