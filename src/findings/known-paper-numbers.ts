import type { ArmName } from "./ablation/arms.ts";
import { armNamed } from "./ablation/arms.ts";
import { loadPaperAblation } from "./ablation/paper-ablation.ts";
import type { Claim } from "./claim.ts";
import { loadPaperCurves } from "./difficulty/paper-curves.ts";
import { describePaperLengths } from "./length/paper-lengths.ts";
import { METHOD_NAMES } from "./method-names.ts";
import { loadPaperNumbers } from "./paper-numbers.ts";

type About = Pick<Claim, "finding" | "place" | "paperBenchmarks">;

/** What is known of the paper's numbers on a claim, a sentence for each of its tables and figures. */
export function knownPaperNumbers(claim: About): string[] {
  if (claim.place.startsWith("beyond the paper")) return ["no number of the paper answers it"];
  return (NUMBERS_OF[claim.finding] ?? mainTable)(claim);
}

/** How a row of the paper's main table is called. */
export function paperMethodName(method: string): string {
  return (METHOD_NAMES as Readonly<Record<string, string>>)[method] ?? method;
}

/** How a row of the paper's ablation is called; what stood in a component's place there is not known. */
export function paperArmName(arm: ArmName): string {
  return armNamed(arm).label.replace(/ \(.*\)$/, "");
}

const NUMBERS_OF: Readonly<Record<string, (claim: About) => string[]>> = {
  length: (claim) => [describePaperLengths(), ...mainTable(claim)],
  difficulty: () => [difficultyCurves()],
  ablation: () => [ablationTable()],
  "data-generation": () => ["the paper releases none of its generated problems and prints no number on them: unknown"],
};

function mainTable({ paperBenchmarks }: About): string[] {
  const { rows } = loadPaperNumbers();
  return paperBenchmarks.map((benchmark) => {
    const known = rows.flatMap(({ size, method, values }) => {
      const printed = values[benchmark] ?? null;
      return printed === null ? [] : [`${size} ${paperMethodName(method)} ${printed}`];
    });
    return `the paper's main table, ${benchmark}: ${[...known, `${rows.length - known.length} of ${rows.length} not known`].join(", ")}`;
  });
}

function difficultyCurves(): string {
  const { curves, size } = loadPaperCurves();
  const described = curves.map(({ benchmark, byHardestLevel }) => {
    const points = Object.entries(byHardestLevel).map(([level, value]) => `1-${level} ${value ?? "?"}`);
    return `${benchmark} ${points.join(", ")}`;
  });
  return `the paper's figure, accuracy of ${size} by the levels it is trained on: ${described.join("; ")}`;
}

function ablationTable(): string {
  const { rows, size, benchmark } = loadPaperAblation();
  const values = rows.map(({ arm, printed }) => `${paperArmName(arm)} ${printed}`);
  return `the paper's ablation, ${size} on ${benchmark}: ${values.join(", ")}`;
}
