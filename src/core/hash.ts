import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** SHA-256 of bytes (or of a text's UTF-8 bytes) as 64 hex digits. */
export function hashBytes(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * SHA-256 of the canonical JSON of a value: equal values give equal hashes, whatever the order of their keys.
 * @throws LabelfreeError `json/not-canonical` when JSON cannot hold the value.
 */
export function hashJson(value: unknown): string {
  return hashBytes(canonicalJson(value));
}
