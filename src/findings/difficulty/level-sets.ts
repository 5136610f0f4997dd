import type { Run } from "../../runs/spec.ts";

/** The training sets of the sweep, each by its hardest level: levels 1 to that one. */
export const HARDEST_LEVELS = [2, 3, 4, 5] as const;

/** "1–3" for the levels 1 to 3. */
export function levelSetName(hardestLevel: number): string {
  return `1–${hardestLevel}`;
}

/** The hardest level that a run trains on. */
export function hardestLevelOf({ data }: Pick<Run, "data">): number {
  return Math.max(...data.levels);
}
