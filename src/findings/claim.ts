import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";

/** What every rule fixes before any run: its code (name and version), and what counts as an effect and as enough. */
export const ruleSchema = z.object({
  name: z.string(),
  /** Goes up with any change of the code behind the name. */
  version: z.int().min(1),
  /** Smallest difference that counts, in the unit of the rule's parts: accuracy 0-1 unless the rule says otherwise. */
  smallestEffect: z.number().min(0),
  intervalLevel: z.number().gt(0).lt(1),
  resamples: z.int().min(100),
  /** With fewer paired seeds nothing is concluded. */
  fewestSeeds: z.int().min(2),
});

const claimSchema = z.strictObject({
  id: z.string(),
  finding: z.string(),
  statement: z.string(),
  /** Where the paper shows it. */
  place: z.string(),
  /** Column of the evaluation rows that decides. */
  metric: z.string(),
  direction: z.enum(["greater", "less"]),
  /** Scale for which the rule was written. */
  scale: z.string(),
  /** Benchmarks whose numbers are shown beside ours. */
  paperBenchmarks: z.array(z.string()).min(1),
  rule: z.looseObject({}),
});

export type Rule = z.infer<typeof ruleSchema>;

/** A claim of the paper as data, with the rule that decides on it. */
export interface Claim<R extends Rule = Rule> extends Omit<z.infer<typeof claimSchema>, "rule"> {
  readonly rule: R;
}

const CLAIMS = new URL("../../data/claims/", import.meta.url);

/**
 * Reads `data/claims/<id>.json`.
 * @throws LabelfreeError `claim/invalid`, or `file/...` when it cannot be read.
 */
export function loadClaim<R extends Rule>(id: string, schema: z.ZodType<R>): Claim<R> {
  const claim = parseClaimFile(`${id}.json`, claimSchema);
  return { ...claim, rule: parse(`${id}.json, rule`, claim.rule, schema) };
}

/**
 * Reads every claim of `data/claims/`, in order of number, its rule with all its data but not checked against its code.
 * @throws LabelfreeError `claim/invalid`, or `file/...` when one cannot be read.
 */
export function loadClaims(): Claim[] {
  const numbers = readdirSync(CLAIMS).flatMap((name) => /^claim-(\d+)\.json$/.exec(name)?.[1] ?? []);
  const schema = z.looseObject(ruleSchema.shape);
  return numbers.sort((a, b) => Number(a) - Number(b)).map((number) => loadClaim(`claim-${number}`, schema));
}

/** Hash of what the verdict follows from: the claim's metric and direction and the rule's data and version. */
export function ruleHash({ id, metric, direction, rule }: Claim): string {
  return hashJson({ id, metric, direction, rule });
}

/** A JSON file of `data/claims/`, validated. */
export function parseClaimFile<T>(name: string, schema: z.ZodType<T>): T {
  return parse(name, readJsonFile(fileURLToPath(new URL(name, CLAIMS))), schema);
}

function parse<T>(place: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new LabelfreeError("claim/invalid", `data/claims/${place}: ${problems}`, { fields: { place, problems } });
}
