import { mean } from "../../stats/summary.ts";
import { inPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { DataGenerationAnalysis } from "./analysis.ts";
import { ARM_LABELS } from "./arm-labels.ts";
import { describeSets } from "./captions.ts";
import { ARMS, type ArmName } from "./problem-sets.ts";
import type { Measure } from "./set-quality.ts";

const COLUMNS: readonly { readonly title: string; readonly measure: Measure }[] = [
  { title: "valid", measure: "valid" },
  { title: "on level", measure: "onLevel" },
  { title: "duplicates", measure: "duplicates" },
  { title: "copies", measure: "copies" },
  { title: "near copies", measure: "nearCopies" },
  { title: "in eval. sets", measure: "evaluation" },
  { title: "in natural", measure: "natural" },
  { title: "kept", measure: "kept" },
  { title: "topics", measure: "topics" },
];

/** Quality and difficulty of the generated sets by arm and level asked, as text of this width. */
export function qualityTable(analysis: DataGenerationAnalysis, scale: string, width: number): string {
  const { request, generatorLoss } = analysis;
  const { generator, generation } = request;
  const { tiers } = request.bases;
  const heading =
    `Problems asked for at a level, in % and before any filter, means over ${generation.draws} draws, ${scale} scale. ` +
    `${describeSets(request)} valid, on level, kept: of the problems asked for; the others of those that can be read; ` +
    "topics: effective number of sub-topics. Then the failure rate of base checkpoints. " +
    `The generator: ${generator.layers} layers of ${generator.hiddenSize}, ${generator.steps} steps, seed ${generator.seed}, ` +
    `ends at ${generatorLoss.toFixed(3)} nats per token. The paper's generated problems are not released, and it prints no ` +
    "number on them: unknown.";
  const columns = [
    { title: "problems from", least: 16 },
    { title: "level", align: "right" as const },
    ...[...COLUMNS.map(({ title }) => title), ...tiers.map((tier) => `fails ${tier}`)].map((title) => ({
      title,
      align: "right" as const,
    })),
  ];
  const rows = ARMS.flatMap((arm) =>
    [1, 2, 3, 4, 5, null].map((level) => [
      ARM_LABELS[arm],
      level === null ? "all" : String(level),
      ...cells(analysis, arm, level),
    ]),
  );
  return [...wrapWords(heading, width), "", textTable(columns, rows, width)].join("\n");
}

function cells(
  { qualityMeans, failureMeans, request }: DataGenerationAnalysis,
  arm: ArmName,
  level: number | null,
): string[] {
  const isOf = (row: { readonly arm: ArmName; readonly level: number }) =>
    row.arm === arm && (level === null || row.level === level);
  const quality = COLUMNS.map(({ measure }) => {
    const value = meanOf(qualityMeans.filter((row) => isOf(row) && row.measure === measure));
    return value === null ? "none" : measure === "topics" ? value.toFixed(1) : inPoints(value);
  });
  const failures = request.bases.tiers.map((tier) => {
    const value = meanOf(failureMeans.filter((row) => isOf(row) && row.tier === tier));
    return value === null ? "none" : inPoints(value);
  });
  return [...quality, ...failures];
}

function meanOf(rows: readonly { readonly mean: number }[]): number | null {
  return rows.length === 0 ? null : mean(rows.map((row) => row.mean));
}
