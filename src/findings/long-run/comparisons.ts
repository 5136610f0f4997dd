// Four episodes in place of one: every epoch is shuffled anew, and a curriculum walks the levels again in each. One cosine
// spans the whole run. The arms of one episode are the runs of the finding collapse.
import type { Comparison } from "../arms/arm.ts";
import { methodArm } from "../arms/arm.ts";

export const EPOCHS = 4;

export const LONG_RUN: Comparison = {
  name: "long-run",
  title: "Four episodes in place of one",
  tiers: ["xs", "m"],
  reference: "cuma",
  arms: [
    { ...methodArm("grpo"), label: "GRPO (labels), 1 episode" },
    {
      name: "grpo-long",
      label: "GRPO (labels), 4 episodes",
      shownAs: "grpo",
      spec: { method: "grpo", epochs: EPOCHS },
    },
    { ...methodArm("ttrl"), label: "TTRL, 1 episode" },
    { name: "ttrl-long", label: "TTRL, 4 episodes", shownAs: "ttrl", spec: { method: "ttrl", epochs: EPOCHS } },
    { ...methodArm("cuma"), label: "CuMa, 1 episode" },
    { name: "cuma-long", label: "CuMa, 4 episodes", shownAs: "cuma", spec: { method: "cuma", epochs: EPOCHS } },
  ],
};
