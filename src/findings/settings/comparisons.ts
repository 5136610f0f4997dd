// Settings on which the paper is silent, each changed alone in TTRL or in CuMa. The first of several updates on a batch is
// on-policy, where every ratio is 1 and no clip acts; with the default of one update per batch the clip is idle, so its arm
// has two updates, and a reference arm of its own. The constant rate asks how much of the curriculum's protection is the
// falling rate: by the time the hard problems come, a cosine has taken most of the step size away.
import type { Comparison } from "../arms/arm.ts";
import { methodArm } from "../arms/arm.ts";

const TIERS = ["xs", "m"] as const;

export const TTRL_SETTINGS: Comparison = {
  name: "ttrl-settings",
  title: "TTRL under settings that the paper does not state",
  tiers: TIERS,
  reference: "ttrl",
  arms: [
    methodArm("ttrl"),
    {
      name: "ttrl-kl-0.005",
      label: "KL weight 0.005",
      shownAs: "ttrl",
      spec: { method: "ttrl", loss: { klWeight: 0.005 } },
    },
    {
      name: "ttrl-kl-0.05",
      label: "KL weight 0.05",
      shownAs: "ttrl",
      spec: { method: "ttrl", loss: { klWeight: 0.05 } },
    },
    {
      name: "ttrl-two-updates",
      label: "two updates per batch",
      shownAs: "ttrl",
      spec: { method: "ttrl", updatesPerBatch: 2 },
    },
    {
      name: "ttrl-clip-higher",
      label: "two updates, clip 0.2 / 0.28",
      shownAs: "ttrl",
      spec: { method: "ttrl", updatesPerBatch: 2, loss: { clipHigh: 0.28 } },
    },
  ],
};

export const CUMA_SETTINGS: Comparison = {
  name: "cuma-settings",
  title: "CuMa under settings that the paper does not state",
  tiers: TIERS,
  reference: "cuma",
  arms: [
    methodArm("cuma"),
    {
      name: "cuma-kl-0.05",
      label: "KL weight 0.05",
      shownAs: "cuma",
      spec: { method: "cuma", loss: { klWeight: 0.05 } },
    },
    {
      name: "cuma-sequence-mean",
      label: "mean of responses' means",
      shownAs: "cuma",
      spec: { method: "cuma", loss: { aggregation: "sequence-mean-token-mean" } },
    },
    {
      name: "cuma-fixed-length",
      label: "fixed-length (Dr. GRPO)",
      shownAs: "cuma",
      spec: { method: "cuma", loss: { aggregation: "fixed-length" } },
    },
    {
      name: "cuma-no-std",
      label: "advantages not scaled",
      shownAs: "cuma",
      spec: { method: "cuma", advantage: { scale: "none" } },
    },
    {
      name: "cuma-restart",
      label: "rate restarts at each level",
      shownAs: "cuma",
      spec: { method: "cuma", optimizer: { restartPerStage: true } },
    },
    {
      name: "cuma-constant",
      label: "constant rate",
      shownAs: "cuma",
      spec: { method: "cuma", optimizer: { schedule: "constant" } },
    },
    {
      name: "shuffled",
      label: "shuffled",
      shownAs: "ttrl",
      spec: { method: "cuma", data: { order: "shuffled" } },
    },
    {
      name: "shuffled-constant",
      label: "shuffled, constant rate",
      shownAs: "ttrl",
      spec: { method: "cuma", data: { order: "shuffled" }, optimizer: { schedule: "constant" } },
    },
  ],
};
