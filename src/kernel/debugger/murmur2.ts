// Clients name a cell by a hash of its code (JupyterLab computes it itself to find the cell of a stack frame), and the
// one hash that they know is MurmurHash2 with 32 bits: https://github.com/aappleby/smhasher, here over UTF-8 bytes.

const MULTIPLIER = 0x5bd1e995;

/** The hash as an unsigned integer. */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text);
  const tail = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let at = 0; at < tail; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (tail < bytes.length) hash = Math.imul(hash ^ bytes.readUIntLE(tail, bytes.length - tail), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return (hash ^ (hash >>> 15)) >>> 0;
}
