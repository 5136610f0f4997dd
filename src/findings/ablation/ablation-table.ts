import { tiersOf } from "../figure-parts.ts";
import type { PaperNumbers } from "../paper-numbers.ts";
import { loadPaperNumbers, paperCell } from "../paper-numbers.ts";
import { inPoints, signedPoints } from "../points.ts";
import type { SeedMean } from "../seed-means.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { AblationAnalysis } from "./analysis.ts";
import { ARMS, armWithout } from "./arms.ts";
import { EFFECTS } from "./effects.ts";
import type { PaperAblation } from "./paper-ablation.ts";
import { attainabilityNote, loadPaperAblation, paperArmDifference, printedFor } from "./paper-ablation.ts";

const NO_BREAK = "\u00a0";
/** Narrower than this an interval may break. */
const ROOMY_WIDTH = 88;
const NOT_IN_PAPER = "–";

/** Our accuracies by arm and tier beside the paper's ablation, then what each component adds, then the masked groups. */
export function ablationTable(
  analysis: AblationAnalysis,
  scale: string,
  width: number,
  paper: PaperAblation = loadPaperAblation(),
  mainTable: PaperNumbers = loadPaperNumbers(),
): string {
  const tiers = tiersOf(analysis);
  const paperColumn = `paper, ${paper.size}`;
  const text = (line: string): string => wrapWords(line, width).join("\n");
  const unattainable = attainabilityNote(paper);
  return [
    text(
      `Held-out accuracy in % after training on ${analysis.problems} problems in every arm (mean over n seeds, ${scale} ` +
        `scale), and the paper's ablation on ${paper.benchmark} (other models, other problems; ${NOT_IN_PAPER} where it ` +
        "has no such arm).",
    ),
    ...(unattainable === null ? [] : [text(`${unattainable[0].toUpperCase()}${unattainable.slice(1)}.`)]),
    textTable(columnsOf("arm", tiers, paperColumn), accuracyRows(analysis, tiers, paper, mainTable), width),
    text(
      "What a component adds, in points: full CuMa − without it, and its main effect over all eight combinations " +
        "(mean over paired seeds and 95 % bootstrap interval).",
    ),
    textTable(columnsOf("effect of", tiers, paperColumn), effectRows(analysis, tiers, paper, width), width),
    ...smallestText(analysis, tiers).map(text),
    text(`Groups that the mask dropped in full CuMa: ${maskedText(analysis, tiers)}.`),
  ].join("\n\n");
}

function columnsOf(first: string, tiers: readonly string[], last: string) {
  return [{ title: first, least: 14 }, ...tiers.map((title) => ({ title })), { title: "|" }, { title: last }];
}

function accuracyRows(
  { means, bases }: AblationAnalysis,
  tiers: readonly string[],
  paper: PaperAblation,
  mainTable: PaperNumbers,
): string[][] {
  const baseRow = tiers.map((tier) => {
    const values = bases.filter((row) => row.tier === tier).map(({ accuracy }) => accuracy);
    return inPoints(values.reduce((total, value) => total + value, 0) / values.length);
  });
  const armRows = ARMS.map(({ name, label }) => {
    const ours = tiers.map((tier) => {
      const row = means.find((mean) => mean.tier === tier && mean.arm === name);
      return row === undefined ? "not run" : `${inPoints(row.mean)}${NO_BREAK}(n${NO_BREAK}${row.n})`;
    });
    return [label, ...ours, "|", printedFor(paper, name) ?? NOT_IN_PAPER];
  });
  const paperBase = paperCell(mainTable, paper.size, "base", paper.benchmark) ?? "?";
  return [["base", ...baseRow, "|", paperBase], ...armRows];
}

function effectRows(
  { effectMeans }: AblationAnalysis,
  tiers: readonly string[],
  paper: PaperAblation,
  width: number,
): string[][] {
  const blank = width < ROOMY_WIDTH ? " " : NO_BREAK;
  return EFFECTS.filter(({ kind }) => kind !== "interaction").map(({ kind, label, components: [component] }) => {
    const ours = tiers.map((tier) =>
      describe(
        effectMeans.find((row) => row.tier === tier && row.kind === kind && row.effect === label),
        blank,
      ),
    );
    const isLeftOut = kind === "leave-one-out";
    const { difference } = paperArmDifference(paper, "cuma", armWithout(component));
    const printed = isLeftOut && difference !== null ? signedPoints(difference) : NOT_IN_PAPER;
    return [`${label}, ${isLeftOut ? "left out" : "main"}`, ...ours, "|", printed];
  });
}

function describe(row: SeedMean | undefined, blank: string): string {
  if (row === undefined) return "not run";
  const { mean, low, high } = row;
  if (low === null || high === null) return signedPoints(mean);
  return `${signedPoints(mean)} [${signedPoints(low)},${blank}${signedPoints(high)}]`;
}

function smallestText({ smallestDrops }: AblationAnalysis, tiers: readonly string[]): string[] {
  const sizes = tiers.flatMap((tier) =>
    smallestDrops.filter((row) => row.tier === tier).map(({ drop }) => `${tier}${NO_BREAK}${inPoints(drop)}`),
  );
  if (sizes.length === 0) return [];
  return [
    `Smallest effect of leaving one out that these seeds can see with 80 % power, in points: ${sizes.join(", ")}.`,
  ];
}

function maskedText({ masked }: AblationAnalysis, tiers: readonly string[]): string {
  const shares = tiers.map((tier) => {
    const row = masked.find((candidate) => candidate.tier === tier);
    return `${tier} ${row === undefined ? "not run" : `${inPoints(row.mean)} %`}`;
  });
  return shares.join(", ");
}
