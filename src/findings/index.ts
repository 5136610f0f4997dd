import { LabelfreeError } from "../core/errors.ts";
import { ablation } from "./ablation/finding.ts";
import { adaptive } from "./adaptive/finding.ts";
import { collapse } from "./collapse/finding.ts";
import { dataGeneration } from "./data-generation/finding.ts";
import { difficulty } from "./difficulty/finding.ts";
import { families } from "./families/finding.ts";
import type { Finding } from "./finding.ts";
import { length } from "./length/finding.ts";
import { longRun } from "./long-run/finding.ts";
import { mainTable } from "./main-table/finding.ts";
import { rewards } from "./rewards/finding.ts";
import { settings } from "./settings/finding.ts";
import { threshold } from "./threshold/finding.ts";
import { votes } from "./votes/finding.ts";
import { worlds } from "./worlds/finding.ts";

/** All findings by name: those of the paper in its order, then those beyond it. */
export const FINDINGS: Readonly<Record<string, Finding>> = {
  "main-table": mainTable,
  collapse,
  length,
  difficulty,
  ablation,
  "data-generation": dataGeneration,
  threshold,
  votes,
  adaptive,
  rewards,
  settings,
  families,
  "long-run": longRun,
  worlds,
};

/**
 * The finding of that name.
 * @throws LabelfreeError `finding/unknown`.
 */
export function findingNamed(name: string): Finding {
  if (Object.hasOwn(FINDINGS, name)) return FINDINGS[name];
  const known = Object.keys(FINDINGS).join(", ");
  throw new LabelfreeError("finding/unknown", `finding: got "${name}", expected one of ${known}`, { fields: { name } });
}
