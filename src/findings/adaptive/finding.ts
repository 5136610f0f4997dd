import { curvesFigure } from "../arms/curves-figure.ts";
import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding } from "../arms/arms-finding.ts";
import { ADAPTIVE_COMPARISONS, adaptiveSweep } from "./sweep.ts";

const LEVEL = "labelfree/level";

const SHORT = {
  curriculum: "by level",
  adaptive: "own agreement",
  adarft: "AdaRFT",
  shuffled: "shuffled",
  reverse: "hardest first",
};

export const adaptive = armsFinding({
  name: "adaptive",
  title: "whether a curriculum without labels or levels does as well as the fixed one (beyond the paper)",
  comparisons: ADAPTIVE_COMPARISONS,
  sweep: adaptiveSweep,
  metrics: [LEVEL],
  claims: ["claim-9", "claim-10", "claim-11"],
  figures: (analysis, scale) => {
    const [comparison] = analysis.comparisons;
    return {
      "adaptive-ends": endsFigure(analysis, {
        title: "An order that follows the policy's own agreement, and the fixed curriculum",
        caption: ["Held-out accuracy after training on the same problems in five orders, all with CuMa's mask."],
        scale,
        comparisons: [comparison],
      }),
      "adaptive-levels": curvesFigure(analysis, {
        title: "What each order trains on, and when",
        caption: ["Mean level of a step's problems, over blocks of steps."],
        scale,
        comparison,
        lines: SHORT,
        dashes: { adarft: [2, 3] },
        column: LEVEL,
        yTitle: "level",
        axis: { domain: [1, 5], ticks: [1, 2, 3, 4, 5] },
      }),
      "adaptive-accuracy": curvesFigure(analysis, {
        title: "How each order learns",
        caption: ["Accuracy on held-out problems of all levels during training."],
        scale,
        comparison,
        lines: SHORT,
        dashes: { adarft: [2, 3] },
        yTitle: "held-out accuracy",
      }),
    };
  },
});
