import { createHmac, getHashes, timingSafeEqual } from "node:crypto";
import { LabelfreeError } from "../../core/errors.ts";

/** Signs the four JSON frames of a message and checks signatures. */
export interface Signer {
  readonly signs: boolean; // false without a key: signatures are empty and every message passes
  sign(frames: readonly Uint8Array[]): string;
  /** Compares in constant time. */
  accepts(frames: readonly Uint8Array[], signature: Uint8Array): boolean;
}

/**
 * The signer of a connection: HMAC with the key over header, parent header, metadata and content, in hexadecimal.
 * @throws LabelfreeError `kernel/signature-scheme`.
 */
export function createSigner(key: string, scheme: string): Signer {
  if (key === "") return { signs: false, sign: () => "", accepts: () => true };
  const hash = scheme.startsWith("hmac-") ? scheme.slice("hmac-".length) : "";
  if (!getHashes().includes(hash)) {
    throw new LabelfreeError("kernel/signature-scheme", `signature: got ${scheme}, expected one such as hmac-sha256`);
  }
  const sign = (frames: readonly Uint8Array[]): string => {
    const hmac = createHmac(hash, key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  };
  return {
    signs: true,
    sign,
    accepts(frames, signature) {
      const expected = Buffer.from(sign(frames), "ascii");
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    },
  };
}
