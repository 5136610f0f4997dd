import { curvesFigure } from "../arms/curves-figure.ts";
import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding } from "../arms/arms-finding.ts";
import { REWARDS_COMPARISONS, rewardsSweep } from "./sweep.ts";

export const rewards = armsFinding({
  name: "rewards",
  title: "rewards without labels beside majority and certainty, and controls without information (beyond the paper)",
  comparisons: REWARDS_COMPARISONS,
  sweep: rewardsSweep,
  claims: ["claim-12", "claim-13", "claim-14"],
  figures: (analysis, scale) => {
    const [comparison] = analysis.comparisons;
    return {
      "rewards-ends": endsFigure(analysis, {
        title: "What the policy's own outputs can reward",
        caption: ["Held-out accuracy after training on the natural set, shuffled and without a mask, by reward."],
        scale,
        comparisons: [comparison],
      }),
      "rewards-accuracy": curvesFigure(analysis, {
        title: "Rewards from the policy itself, step by step",
        caption: ["Accuracy on held-out problems of all levels during training, without the controls."],
        scale,
        comparison,
        lines: {
          grpo: "labels",
          ttrl: "majority",
          soft: "soft votes",
          empo: "cluster share",
          mixed: "maj. + certainty",
          intuitor: "certainty",
          rent: "neg. entropy",
        },
        yTitle: "held-out accuracy",
      }),
    };
  },
});
