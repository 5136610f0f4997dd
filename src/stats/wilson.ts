// Wilson score interval (Wilson, JASA 22, 1927) for k successes in n independent trials, without continuity
// correction: unlike p +- z sqrt(p q / n) it stays inside [0, 1] and keeps a width at k = 0 and k = n.

import { checkInteger } from "./check.ts";

export interface Proportion {
  readonly p: number;
  readonly low: number;
  readonly high: number;
}

/** Share k/n with its Wilson interval; the default z is the 95 % one. Throws `stats/invalid`. */
export function wilson(k: number, n: number, z = 1.959963984540054): Proportion {
  checkInteger("wilson n", n, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("wilson k", k, 0, n);
  const p = k / n;
  const zz = z * z;
  const center = (p + zz / (2 * n)) / (1 + zz / n);
  const half = (z * Math.sqrt((p * (1 - p) + zz / (4 * n)) / n)) / (1 + zz / n);
  return {
    p,
    low: k === 0 ? 0 : Math.max(0, Math.min(p, center - half)),
    high: k === n ? 1 : Math.max(p, center + half),
  };
}
