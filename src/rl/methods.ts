// The methods as presets over DEFAULT_SETTINGS: each states only what makes it that method, so that a comparison shares
// everything else (learning rate, steps, rollouts, temperature, data size).

import type { RunSettings } from "./settings.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

export type MethodName =
  | "grpo"
  | "ttrl"
  | "intuitor"
  | "cuma"
  | "random"
  | "format"
  | "wrong"
  | "empo"
  | "rent"
  | "mixed"
  | "soft";

/**
 * Complete settings of each method: GRPO with labels, TTRL, Intuitor, CuMa; three controls, of which "wrong" has labels
 * and rewards what they refuse; the rewards of EMPO and RENT; and two rewards of ours from votes and certainty.
 */
export const METHODS: Readonly<Record<MethodName, RunSettings>> = {
  grpo: { ...DEFAULT_SETTINGS, method: "grpo", reward: "label" },
  ttrl: { ...DEFAULT_SETTINGS, method: "ttrl", reward: "majority" },
  intuitor: { ...DEFAULT_SETTINGS, method: "intuitor", reward: "certainty" },
  cuma: {
    ...DEFAULT_SETTINGS,
    method: "cuma",
    reward: "majority",
    mask: { ...DEFAULT_SETTINGS.mask, minVotes: 2 },
    data: { ...DEFAULT_SETTINGS.data, set: "full", order: "curriculum" },
  },
  random: { ...DEFAULT_SETTINGS, method: "random", reward: "random" },
  format: { ...DEFAULT_SETTINGS, method: "format", reward: "format" },
  wrong: { ...DEFAULT_SETTINGS, method: "wrong", reward: "wrong" },
  empo: { ...DEFAULT_SETTINGS, method: "empo", reward: "cluster-share" },
  rent: { ...DEFAULT_SETTINGS, method: "rent", reward: "neg-entropy" },
  mixed: { ...DEFAULT_SETTINGS, method: "mixed", reward: "mixed" },
  soft: { ...DEFAULT_SETTINGS, method: "soft", reward: "soft-majority" },
};
