import { METHOD_NAMES } from "../method-names.ts";
import { inPoints, signedPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { ThresholdAnalysis, ThresholdRun } from "./analysis.ts";
import { LABEL_FREE, tiersByAbility } from "./analysis.ts";
import type { Boundary } from "./boundary.ts";
import { describeBoundary } from "./boundary.ts";

const METHODS = [...LABEL_FREE, "grpo"] as const;

/** Gains and outcomes by tier and method, then each method's boundary, as text of this width. */
export function thresholdTable(analysis: ThresholdAnalysis, scale: string, width: number): string {
  return [
    ...wrapWords(`${HEADING} ${scale} scale.`, width),
    "",
    gainTable(analysis, width),
    "",
    ...wrapWords(BOUNDARY_HEADING, width),
    "",
    boundaryTable(analysis, width),
  ].join("\n");
}

const HEADING =
  "Mean gain in held-out accuracy in points, and how many runs helped / held / hurt, by the accuracy of the base in %. A " +
  "run holds where its gain is within the noise of two measurements.";

const BOUNDARY_HEADING =
  "Boundary: the base accuracy (0 to 1) at which a run is as likely to end above its base as below, with its 95 % bootstrap " +
  "interval over base checkpoints; one shape: over tiers that differ in pre-training alone. The paper names no threshold.";

function gainTable({ runs, bases }: ThresholdAnalysis, width: number): string {
  const columns = [
    { title: "tier" },
    { title: "base", align: "right" as const },
    { title: "bases", align: "right" as const },
    ...METHODS.map((method) => ({ title: METHOD_NAMES[method], align: "right" as const })),
  ];
  const rows = tiersByAbility({ bases }).map(({ tier, accuracy }) => [
    tier,
    inPoints(accuracy),
    String(bases.filter((row) => row.tier === tier).length),
    ...METHODS.map((method) => describeCell(runs.filter((run) => run.tier === tier && run.method === method))),
  ]);
  return textTable(columns, rows, width);
}

function describeCell(runs: readonly ThresholdRun[]): string {
  if (runs.length === 0) return "not run";
  const gain = runs.reduce((sum, run) => sum + run.gain, 0) / runs.length;
  const counts = (["helps", "holds", "hurts"] as const).map(
    (outcome) => runs.filter((run) => run.outcome === outcome).length,
  );
  return `${signedPoints(gain)} (${counts.join("/")})`;
}

function boundaryTable({ boundaries, oneShapeBoundaries }: ThresholdAnalysis, width: number): string {
  const columns = [
    { title: "method" },
    { title: "boundary" },
    { title: "bases", align: "right" as const },
    { title: "one shape" },
    { title: "bases", align: "right" as const },
  ];
  const cells = (boundary: Boundary | undefined): string[] =>
    boundary === undefined ? ["not run", "0"] : [describeBoundary(boundary), String(boundary.n)];
  const rows = boundaries.map((boundary) => [
    METHOD_NAMES[boundary.method],
    ...cells(boundary),
    ...cells(oneShapeBoundaries.find(({ method }) => method === boundary.method)),
  ]);
  return textTable(columns, rows, width);
}
