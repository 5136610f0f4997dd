import { z } from "zod";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import type { Verdict } from "./verdict.ts";

const interval = { estimate: z.number(), low: z.number().nullable(), high: z.number().nullable(), n: z.int().min(1) };
const kind = z.enum(["reproduced", "same direction", "not reproduced", "inconclusive at this n", "not run"]);
const unit = z.enum([
  "accuracy",
  "tokens",
  "rank correlation",
  "share of seeds",
  "share of responses",
  "share of problems",
]);
const cell = z.object({ size: z.string(), method: z.string(), printed: z.string().nullable() });
const paper = z.object({ benchmark: z.string(), difference: z.number().nullable(), cells: z.array(cell) });
const part = z.object({ label: z.string(), unit: unit.optional(), ...interval, verdict: kind, paper: z.array(paper) });
const side = z.object({ label: z.string(), unit, ...interval });

const verdict = z
  .object({
    claim: z.string(),
    statement: z.string(),
    place: z.string(),
    scale: z.string(),
    verdict: kind,
    why: z.string().min(1).nullable(),
    decidedBy: part.nullable(),
    parts: z.array(part),
    sideMeasures: z.array(side),
    notes: z.array(z.string()),
    rule: z.string(),
    ruleHash: z.string(),
  })
  .refine(({ verdict, why, parts }) => (verdict === "not run" ? why !== null : parts.length > 0), {
    message: "a verdict needs its numbers, one that was not run its reason",
  });

const fileSchema = z.object({ provenance: z.object({ scale: z.string() }), verdicts: z.array(verdict) });

/**
 * The verdicts of a study as `reproduce` stored them.
 * @throws LabelfreeError `verdicts/invalid` for a damaged file or another scale, or `file/...`.
 */
export function readStoredVerdicts(path: string, scale: string): Verdict[] {
  const parsed = fileSchema.safeParse(readJsonFile(path));
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw invalid(path, `${place.join(".")}: ${message}`);
  }
  const { provenance, verdicts } = parsed.data;
  if (provenance.scale === scale) return verdicts;
  throw invalid(path, `got verdicts at ${provenance.scale} scale, expected ${scale}`);
}

function invalid(path: string, problem: string): LabelfreeError {
  const message = `${path}: ${problem}; labelfree reproduce writes it anew`;
  return new LabelfreeError("verdicts/invalid", message, { fields: { path } });
}
