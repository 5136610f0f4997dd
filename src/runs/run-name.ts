import type { Run } from "./spec.ts";

/** What a run is called where people read it, e.g. "cuma xs-1 seed 3". */
export function nameRun({ method, base, seed }: Run): string {
  return `${method} ${"tier" in base ? `${base.tier}-${base.baseSeed}` : base.checkpoint} seed ${seed}`;
}
