import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding, shownComparison } from "../arms/arms-finding.ts";
import { armsTable } from "../arms/arms-table.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import { PROGRAM } from "./comparisons.ts";
import { FAMILIES_COMPARISONS, familiesSweep } from "./sweep.ts";

const PROGRAM_ACCURACY = "eval/lcb-like/accuracy";

/** Three seeds: five would take 180 runs. */
const SEEDS = 3;

export const families = armsFinding({
  name: "families",
  title: "the study on LLaMA-like and Mistral-like models, and on programs (beyond the paper)",
  microSeeds: SEEDS,
  comparisons: FAMILIES_COMPARISONS,
  sweep: familiesSweep,
  columns: [HELD_OUT_ACCURACY, PROGRAM_ACCURACY],
  claims: ["claim-18", "claim-19", "claim-20"],
  figures: (analysis, scale) => {
    const onSums = analysis.comparisons.filter(({ name }) => name !== PROGRAM.name);
    const program = shownComparison(analysis, PROGRAM.name);
    const onPrograms = analysis.means.some(({ column, comparison }) => {
      return column === PROGRAM_ACCURACY && comparison === PROGRAM.name;
    });
    return {
      ...(onSums.length === 0
        ? {}
        : {
            "families-ends": endsFigure(analysis, {
              title: "The same study in three families of models",
              caption: ["Held-out accuracy after training; each tier of a family has bases of its own."],
              scale,
              comparisons: onSums,
            }),
          }),
      ...(program === null || !onPrograms
        ? {}
        : {
            "families-programs": endsFigure(analysis, {
              title: "A second domain: training on the output of programs",
              caption: [
                "Accuracy on held-out programs of all levels after training on programs;",
                "the detector of collapse looks at sums.",
              ],
              scale,
              comparisons: [program],
              measure: { column: PROGRAM_ACCURACY, xTitle: "accuracy on programs", isAccuracy: true },
            }),
            "families-programs-on-sums": endsFigure(analysis, {
              title: "What training on programs does to sums",
              caption: ["Held-out accuracy on sums after training on programs."],
              scale,
              comparisons: [program],
              measure: { column: HELD_OUT_ACCURACY, xTitle: "accuracy on sums", isAccuracy: true },
            }),
          }),
    };
  },
  moreNumbers: (analysis, scale, width) => {
    const program = shownComparison(analysis, PROGRAM.name);
    return program === null ? [] : [armsTable(analysis, program, scale, width, PROGRAM_ACCURACY)];
  },
});
