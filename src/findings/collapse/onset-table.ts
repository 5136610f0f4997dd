import { METHOD_NAMES } from "../method-names.ts";
import { inPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { AgreementCurves } from "./agreement.ts";
import { COMPARED_METHODS } from "./sweep.ts";

const COLUMNS = [
  { title: "tier" },
  { title: "method" },
  { title: "right rollouts, %", align: "right" },
  { title: "right majorities, %", align: "right" },
  { title: "majority share, %", align: "right" },
  { title: "n", align: "right" },
] as const;

const ARROW = "→";

/** The first steps in numbers: from their first to their last block, the means over seeds. */
export function onsetTable(
  { means, blockSteps, steps }: AgreementCurves,
  tiers: readonly string[],
  width: number,
): string {
  const rows = tiers.flatMap((tier) =>
    COMPARED_METHODS.flatMap((method) => {
      const line = means.filter((row) => row.tier === tier && row.method === method);
      const [first, last] = [line.at(0), line.at(-1)];
      if (first === undefined || last === undefined) return [];
      const change = (value: "agreement" | "labelAccuracy" | "accuracy") =>
        `${inPoints(first[value])} ${ARROW} ${inPoints(last[value])}`;
      return [
        [tier, METHOD_NAMES[method], change("accuracy"), change("labelAccuracy"), change("agreement"), String(last.n)],
      ];
    }),
  );
  const heading =
    `The first ${steps} steps of training, means over n seeds of the first ${ARROW} the last ${blockSteps === 1 ? "" : `${blockSteps} `}of them: rollouts ` +
    "that are right, groups whose most frequent answer is right, rollouts that give it (the reward of TTRL and CuMa). " +
    "CuMa goes from the easiest problems to harder ones by design. In the paper's figure, the 0.5B model has almost no right output in its " +
    "first about 50 steps.";
  return [...wrapWords(heading, width), "", textTable(COLUMNS, rows, width)].join("\n");
}
