import { Random } from "../../core/random.ts";
import type { Claim } from "../claim.ts";
import { ruleHash } from "../claim.ts";
import type { Cell, Outcomes } from "../outcomes.ts";
import { whyNotComparable } from "../outcomes.ts";
import type { PaperDifference } from "../paper-numbers.ts";
import type { LengthRun } from "./analysis.ts";

/** What the rules look at. */
export interface LengthOutcomes extends Outcomes {
  readonly finals: readonly LengthRun[];
}

export function runsOf({ finals }: LengthOutcomes, { tier, method }: Cell): LengthRun[] {
  return finals.filter((run) => run.tier === tier && run.method === method);
}

/** Why one of these groups of cells cannot be compared; null if all can. */
export function firstReason(outcomes: Outcomes, compared: readonly (readonly Cell[])[]): string | null {
  return compared.map((cells) => whyNotComparable(outcomes, cells)).find((reason) => reason !== null) ?? null;
}

/** The paper gives neither lengths nor correlations by benchmark. */
export function paperSilent({ paperBenchmarks }: Claim): PaperDifference[] {
  return paperBenchmarks.map((benchmark) => ({ benchmark, difference: null, cells: [] }));
}

/** A stream of its own for each number that a claim needs. */
export function randomFor(claim: Claim, label: string): Random {
  return Random.fromSeed(ruleHash(claim)).fork(label);
}
