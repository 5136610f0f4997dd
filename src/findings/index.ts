import { LabelfreeError } from "../core/errors.ts";
import { ablation } from "./ablation/finding.ts";
import { collapse } from "./collapse/finding.ts";
import { difficulty } from "./difficulty/finding.ts";
import type { Finding } from "./finding.ts";
import { length } from "./length/finding.ts";
import { mainTable } from "./main-table/finding.ts";

/** All findings by name, in the order of the paper. */
export const FINDINGS: Readonly<Record<string, Finding>> = {
  "main-table": mainTable,
  collapse,
  length,
  difficulty,
  ablation,
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
