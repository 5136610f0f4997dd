// Estimators of KL(policy || reference) from one sampled token, with d = logp - logp_ref (Schulman's k1, k2, k3):
// k1 = d, k2 = d^2 / 2, k3 = exp(-d) - 1 + d. The gradient is with respect to logp. As a loss, k1 has a gradient that says
// nothing about the reference, and k3's is biased; k3-straight-through has k3's value and k2's unbiased gradient.

import { exp } from "../core/exact-math.ts";
import type { KlEstimator } from "./settings.ts";

export interface KlTerm {
  readonly value: number;
  readonly gradient: number;
}

/** KL estimate at one token and its derivative with respect to `logp`; nats. */
export function klTerm(logp: number, logpReference: number, estimator: KlEstimator): KlTerm {
  const d = logp - logpReference;
  switch (estimator) {
    case "k1":
      return { value: d, gradient: 1 };
    case "k2":
      return { value: (d * d) / 2, gradient: d };
    case "k3":
      return { value: exp(-d) - 1 + d, gradient: 1 - exp(-d) };
    case "k3-straight-through":
      return { value: exp(-d) - 1 + d, gradient: d };
  }
}
