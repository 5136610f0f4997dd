// Does a curriculum that follows the policy itself do as well as the fixed one by level? CuMa's preset in five orders of its
// problems: by level (the paper's), "adaptive" (by the policy's own agreement, without labels), "adarft" (AdaRFT's target
// difficulty, which needs true correctness: a labelled reference), one shuffle, and levels descending. All but AdaRFT's are
// runs of the ablation.
import type { Comparison } from "../arms/arm.ts";

const inOrder = (order: "adaptive" | "adarft" | "shuffled" | "reverse") =>
  ({ method: "cuma", data: { order } }) as const;

export const ADAPTIVE: Comparison = {
  name: "adaptive",
  title: "Orders of the training problems: a fixed curriculum and adaptive ones",
  tiers: ["xs", "s", "m", "l"],
  smokeTiers: ["xs", "l"],
  reference: "curriculum",
  arms: [
    { name: "curriculum", label: "curriculum by level (CuMa)", shownAs: "cuma", spec: { method: "cuma" } },
    { name: "adaptive", label: "adaptive, by own agreement", shownAs: "cuma", spec: inOrder("adaptive") },
    { name: "adarft", label: "adaptive, by labels (AdaRFT)", shownAs: "grpo", spec: inOrder("adarft") },
    { name: "shuffled", label: "shuffled", shownAs: "ttrl", spec: inOrder("shuffled") },
    { name: "reverse", label: "hardest first", shownAs: "ttrl", spec: inOrder("reverse") },
  ],
};
