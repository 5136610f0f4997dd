import type { TopLevelSpec } from "vega-lite";
import type { Shown } from "../core/shown.ts";
import { showFigure } from "../figures/show-figure.ts";
import { SIZES } from "../figures/theme.ts";
import type { RecordedRun } from "../runs/recorded-run.ts";
import { nameRun } from "../runs/run-name.ts";
import { NOMINAL, QUANTITATIVE } from "./figure-parts.ts";
import { HELD_OUT_ACCURACY, type RunRecord, toRunRecord } from "./run-record.ts";
import { blockMeans, blockStepsOf, blockText } from "./training-blocks.ts";

const MAJORITY_RIGHT = "labelfree/label_accuracy";
const AGREEMENT = "labelfree/majority_share";
// greys, for in every figure a colour is a method
const STYLES = {
  range: ["#1f2933", "#52606d", "#8d99a6"],
  dashes: [
    [1, 0],
    [6, 3],
    [2, 2],
  ],
};
const PANEL = { width: 480, height: 220 } as const;

/**
 * One run as a figure: how good the policy is, how often its majority is right, and how far its answers agree.
 * @throws LabelfreeError `figure/...`.
 */
export function showRun(run: RecordedRun): Promise<Shown> {
  return showFigure(runFigure(run));
}

function runFigure(recorded: RecordedRun): TopLevelSpec {
  const run = toRunRecord(recorded);
  const blockSteps = blockStepsOf([run]);
  const ended = run.hasDiverged ? "It diverged." : run.hasCollapsed ? "It collapsed." : "It did not collapse.";
  const means = blockText(blockSteps, " Dashed and dotted: means over ", ".");
  const x = { field: "step", type: QUANTITATIVE, title: "step", scale: { nice: false }, axis: { tickMinStep: 1 } };
  const y = { field: "value", type: QUANTITATIVE, title: "share", scale: { domain: [0, 1] } };
  const kinds = ["held-out accuracy", "majority is right", "answers agree"];
  const scale = { domain: kinds };
  return {
    title: {
      text: `One run: ${nameRun(recorded.result.run)}`,
      subtitle: [`${ended}${means}`, `Run ${recorded.result.key.slice(0, 16)}.`],
      subtitleFontSize: SIZES.subtitle,
    },
    ...PANEL,
    data: {
      values: [
        ...run.evaluations.map((row) => ({ step: row.step, value: row[HELD_OUT_ACCURACY] ?? null, kind: kinds[0] })),
        ...ofSteps(run, MAJORITY_RIGHT, kinds[1], blockSteps),
        ...ofSteps(run, AGREEMENT, kinds[2], blockSteps),
      ],
    },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x,
      y,
      color: { field: "kind", type: NOMINAL, scale: { ...scale, range: STYLES.range }, title: null },
      strokeDash: {
        field: "kind",
        type: NOMINAL,
        scale: { ...scale, range: STYLES.dashes },
        title: null,
      },
    },
  };
}

function ofSteps(
  { steps }: RunRecord,
  column: typeof MAJORITY_RIGHT | typeof AGREEMENT,
  kind: string,
  blockSteps: number,
): object[] {
  const values = steps.flatMap((row) => {
    const value = row[column];
    return value === null ? [] : [{ step: row.step, value, kind }];
  });
  return blockMeans(values, ["step", "kind"], blockSteps);
}
