// What a rollout is rewarded for, and nothing else: every arm trains on the natural set, shuffled and unmasked, as TTRL does.
// GRPO's labels are the ceiling; random, wrong and format-only rewards are the controls without useful information
// (Spurious Rewards, 2506.10947): what they gain is not due to any signal.
import type { MethodName } from "../../rl/methods.ts";
import type { Arm, Comparison } from "../arms/arm.ts";
import { methodArm } from "../arms/arm.ts";

export const REWARDS: Comparison = {
  name: "rewards",
  title: "Rewards without labels, and controls without information",
  tiers: ["xs", "m", "l"],
  reference: "ttrl",
  arms: [
    { ...methodArm("grpo"), label: "labels (GRPO): the ceiling" },
    { ...methodArm("ttrl"), label: "majority (TTRL)" },
    rewardArm("soft", "soft votes (as RESTRAIN)"),
    rewardArm("empo", "cluster share (EMPO)"),
    rewardArm("mixed", "majority and certainty"),
    { ...methodArm("intuitor"), label: "self-certainty (Intuitor)" },
    rewardArm("rent", "negative entropy (RENT)"),
    rewardArm("random", "control: random"),
    rewardArm("format", "control: format only"),
    rewardArm("wrong", "control: wrong answers"),
  ],
};

function rewardArm(method: MethodName, label: string): Arm {
  return { name: method, label, shownAs: method, spec: { method } };
}
