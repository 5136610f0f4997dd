// The pixels of a PNG as it stores them, so that two files which differ only in compression or in what they say of
// themselves count as the same picture. https://www.w3.org/TR/png-3/#9Filters

import { inflateSync } from "node:zlib";

export interface PngPixels {
  /** Width, height, bit depth, colour type, compression, filter and interlace methods, with the palette. */
  readonly format: string;
  /** Scanlines without their filters, one after the other. */
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Null for what is no PNG, is damaged, or is interlaced, which is not read here. */
export function readPngPixels(bytes: Buffer): PngPixels | null {
  try {
    const chunks = readChunks(bytes);
    const header = chunks.find(({ type }) => type === "IHDR")?.data;
    if (header === undefined) return null;
    const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
    const [bitDepth, colorType, , , interlace] = header.subarray(8);
    if (interlace !== 0) return null;
    const lookup = chunks
      .filter(({ type }) => type === "PLTE" || type === "tRNS")
      .map(({ data }) => data.toString("hex"));
    const packed = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
    const bitsPerPixel = bitDepth * CHANNELS[colorType];
    const pixels = unfilter(packed, {
      height,
      stride: Math.ceil((width * bitsPerPixel) / 8),
      step: Math.ceil(bitsPerPixel / 8),
    });
    return { format: [header.toString("hex"), ...lookup].join(" "), pixels };
  } catch {
    return null;
  }
}

function readChunks(bytes: Buffer): { type: string; data: Buffer }[] {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return [];
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString("latin1", at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

interface Layout {
  readonly height: number;
  readonly stride: number; // bytes of a line
  readonly step: number; // bytes between a pixel and the one left of it
}

function unfilter(packed: Uint8Array, { height, stride, step }: Layout): Uint8Array {
  if (packed.length !== height * (stride + 1)) throw new Error("not as many bytes as the header says");
  const pixels = new Uint8Array(height * stride);
  for (let row = 0; row < height; row++) {
    const filter = packed[row * (stride + 1)];
    const start = row * stride;
    for (let i = 0; i < stride; i++) {
      const left = i < step ? 0 : pixels[start + i - step];
      const up = row === 0 ? 0 : pixels[start + i - stride];
      const upLeft = row === 0 || i < step ? 0 : pixels[start + i - stride - step];
      pixels[start + i] = packed[row * (stride + 1) + 1 + i] + predict(filter, left, up, upLeft);
    }
  }
  return pixels;
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) throw new Error(`unknown filter ${filter}`);
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(left + up - upLeft - value));
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
