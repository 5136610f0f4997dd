import { curvesFigure } from "../arms/curves-figure.ts";
import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding } from "../arms/arms-finding.ts";
import { EPOCHS } from "./comparisons.ts";
import { LONG_RUN_COMPARISONS, longRunSweep } from "./sweep.ts";

const LONG = { "grpo-long": "GRPO (labels)", "ttrl-long": "TTRL", "cuma-long": "CuMa" };

/** Three seeds: a run takes the time of four. */
const SEEDS = 3;

export const longRun = armsFinding({
  name: "long-run",
  title: "several episodes in place of one, and where CuMa fails (beyond the paper)",
  microSeeds: SEEDS,
  comparisons: LONG_RUN_COMPARISONS,
  sweep: longRunSweep,
  claims: ["claim-21"],
  figures: (analysis, scale) => {
    const [comparison] = analysis.comparisons;
    const steps = Math.max(...analysis.rows.filter(({ arm }) => arm in LONG).map((row) => row.steps), 0);
    return {
      ...(steps === 0
        ? {}
        : {
            "long-run-accuracy": curvesFigure(analysis, {
              title: "Four episodes: what lasts, and what does not",
              caption: ["Accuracy on held-out problems of all levels; CuMa walks its levels again in each episode."],
              scale,
              comparison,
              lines: LONG,
              yTitle: "held-out accuracy",
              borders: Array.from({ length: EPOCHS - 1 }, (_, index) => ((index + 1) * steps) / EPOCHS),
            }),
          }),
      "long-run-ends": endsFigure(analysis, {
        title: "One episode and four",
        caption: ["Held-out accuracy after training."],
        scale,
        comparisons: [comparison],
      }),
    };
  },
  moreNumbers: ({ rows }) => {
    const collapsed = rows.filter(({ collapseStep }) => collapseStep !== null);
    if (collapsed.length === 0) return ["No run collapsed by the detector's definition."];
    const list = collapsed.map(({ tier, arm, seed, collapseStep, steps }) => {
      return `${arm} on ${tier}, seed ${seed}: ${collapseStep} of ${steps}`;
    });
    return [`Steps at which runs collapsed:\n${list.map((line) => `  ${line}`).join("\n")}`];
  },
});
