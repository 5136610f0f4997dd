import { z } from "zod";
import { LabelfreeError } from "../../core/errors.ts";
import { attainability } from "../../stats/attainability.ts";
import { parseClaimFile } from "../claim.ts";
import type { PaperDifference } from "../paper-numbers.ts";
import type { ArmName } from "./arms.ts";
import { ARMS, armNamed } from "./arms.ts";

const ARM_NAMES = ARMS.map(({ name }) => name) as [ArmName, ...ArmName[]];

const paperAblationSchema = z.strictObject({
  source: z.string(),
  unit: z.string(),
  size: z.string(),
  benchmark: z.string(),
  items: z.int().min(1),
  rows: z.array(z.strictObject({ arm: z.enum(ARM_NAMES), printed: z.string() })),
});

/** The paper's ablation table: one size, one benchmark, four of the arms. */
export type PaperAblation = z.infer<typeof paperAblationSchema>;

/** Reads `data/claims/paper-ablation.json`. */
export function loadPaperAblation(): PaperAblation {
  return parseClaimFile("paper-ablation.json", paperAblationSchema);
}

/** Accuracy in % as printed; null for an arm that the paper does not have. */
export function printedFor({ rows }: PaperAblation, arm: ArmName): string | null {
  return rows.find((row) => row.arm === arm)?.printed ?? null;
}

/**
 * First minus second, two of the paper's rows.
 * @throws LabelfreeError `claim/no-cell` for an arm outside the paper's table.
 */
export function paperArmDifference(paper: PaperAblation, first: ArmName, second: ArmName): PaperDifference {
  const cells = [first, second].map((arm) => {
    const printed = printedFor(paper, arm);
    if (printed !== null) return { size: paper.size, method: armNamed(arm).label, printed };
    throw new LabelfreeError("claim/no-cell", `paper ablation: got ${arm}, expected an arm of its table`);
  });
  const percents = cells.map(({ printed }) => Number(printed));
  // printed with at most two digits
  return { benchmark: paper.benchmark, difference: Math.round((percents[0] - percents[1]) * 100) / 10000, cells };
}

/** The printed values that no count of right answers gives, as a sentence; null if there are none. */
export function attainabilityNote({ rows, items, benchmark }: PaperAblation): string | null {
  const values = rows.map(({ printed }) => printed).filter((printed) => !attainability(printed, items, 1).attainable);
  if (values.length === 0) return null;
  const verb = values.length === 1 ? "is" : "are";
  return `the paper's ${values.join(", ")} ${verb} not attainable with one sample per item on ${benchmark}'s ${items} items`;
}
