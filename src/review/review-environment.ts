import { existsSync, readFileSync } from "node:fs";
import { hashBytes } from "../core/hash.ts";
import { kernelBytes } from "../device/wasm/wasm-device.ts";
import { type Environment, readEnvironment } from "../runs/environment.ts";
import { packagePath } from "../runs/package-root.ts";

export interface ReviewEnvironment extends Omit<Environment, "threads"> {
  /** SHA-256 of the device's compiled kernels. */
  readonly kernels: string;
  /** SHA-256 of package-lock.json; null where the package has none, as one that npm installed. */
  readonly lock: string | null;
}

/** Where a review is made. */
export function reviewEnvironment(): ReviewEnvironment {
  const { threads: _, ...environment } = readEnvironment({ device: "wasm", threads: 1 });
  const lock = packagePath("package-lock.json");
  return {
    ...environment,
    kernels: hashBytes(kernelBytes()),
    lock: existsSync(lock) ? hashBytes(readFileSync(lock)) : null,
  };
}
