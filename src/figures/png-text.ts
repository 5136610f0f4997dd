// International text chunks of PNG (W3C PNG specification, third edition, sections 5.3 and 11.3.3.4), uncompressed.

import { crc32 } from "./crc32.ts";

const SIGNATURE_BYTES = 8;
const HEADER_CHUNK_BYTES = 25; // length 4, type 4, IHDR data 13, CRC 4

/** The PNG with an iTXt chunk right after its header. */
export function writePngText(png: Uint8Array, keyword: string, text: string): Uint8Array {
  // keyword, no compression, no language tag, no translated keyword
  const chunk = makeChunk("iTXt", new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`));
  const cut = SIGNATURE_BYTES + HEADER_CHUNK_BYTES;
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, cut), 0);
  result.set(chunk, cut);
  result.set(png.subarray(cut), cut + chunk.length);
  return result;
}

/** Text of the PNG's first uncompressed iTXt chunk with that keyword; null if there is none. */
export function readPngText(png: Uint8Array, keyword: string): string | null {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const prefix = `${keyword}\0\0\0\0\0`;
  for (let at = SIGNATURE_BYTES; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    const type = new TextDecoder("latin1").decode(png.subarray(at + 4, at + 8));
    if (type === "iTXt") {
      const text = new TextDecoder().decode(png.subarray(at + 8, at + 8 + length));
      if (text.startsWith(prefix)) return text.slice(prefix.length);
    }
    at += 12 + length;
  }
  return null;
}

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}
