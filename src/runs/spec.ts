// From a loose RunSpec to a Run with every field filled: the method's preset from rl/methods, then the spec over it.

import type { z } from "zod";
import { LabelfreeError } from "../core/errors.ts";
import { isPlanned } from "../rl/curriculum.ts";
import { METHODS, type MethodName } from "../rl/methods.ts";
import type { BaseSettings, RunSettings } from "../rl/settings.ts";
import { runSpecSchema } from "./run-spec-schema.ts";
import { describeIssue, isRecord, show } from "./spec-problems.ts";

type Loose<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Loose<T[K]> } : T;

/** What a run shall be, as far as it differs from its method's preset; every field may be missing. */
export interface RunSpec extends Loose<Omit<RunSettings, "base" | "method">> {
  /** Default "grpo". */
  readonly method?: MethodName | (string & {});
  /** A tier and a pre-training seed, or a directory. */
  readonly base?: { readonly tier?: string; readonly baseSeed?: number; readonly checkpoint?: string };
}

/** A complete run: two runs with equal fields, data and base weights end in the same bits. */
export type Run = RunSettings;

type BaseSpec = z.output<typeof runSpecSchema>["base"];

/**
 * Fills a spec with its method's preset and the defaults.
 * @throws LabelfreeError `spec/invalid` that lists every problem, one a line; they are also in `fields.problems`.
 */
export function toRun(spec: RunSpec): Run {
  const parsed = runSpecSchema.partial().safeParse(spec);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap((issue) => describeIssue(issue, spec)));
  const { base, ...fields } = parsed.data;
  const preset = METHODS[fields.method ?? "grpo"];
  const merged = merge(preset, fields);
  const evaluation = { ...merged.evaluation, endSets: fields.evaluation?.endSets ?? remainingSets(merged) };
  const run: Run = { ...merged, base: toBase(base ?? {}, preset.base), evaluation };
  const problems = contradictions(run, base ?? {});
  if (problems.length > 0) throw invalid(problems);
  return run;
}

function invalid(problems: readonly string[]): LabelfreeError {
  return new LabelfreeError("spec/invalid", problems.join("\n"), { fields: { problems } });
}

/** `changes` over `preset`, member by member in objects; a list is replaced as a whole. */
function merge<T extends object>(preset: T, changes: object): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(preset));
  for (const [name, change] of Object.entries(changes)) {
    if (change !== undefined) merged[name] = isRecord(change) ? merge(merged[name] as object, change) : change;
  }
  return merged as T;
}

/** A set that a spec wants at every evaluation is not one of the default sets of the ends too. */
function remainingSets({ evaluation: { sets, endSets } }: Run): string[] {
  return endSets.filter((name) => !sets.includes(name));
}

function toBase({ checkpoint, tier, baseSeed }: BaseSpec, preset: BaseSettings): BaseSettings {
  if (checkpoint !== undefined) return { checkpoint };
  return merge(preset, { tier, baseSeed });
}

/** The share of equal answers below which a group is masked. */
function masksBelow({ mask, rollouts }: Run): number {
  return Math.max(mask.minShare ?? 0, (mask.minVotes ?? 0) / rollouts.samplesPerPrompt);
}

/** What no single field shows. */
function contradictions(run: Run, base: BaseSpec): string[] {
  const { mask, rollouts, data } = run;
  const problems: string[] = [];
  if (base.checkpoint !== undefined && (base.tier !== undefined || base.baseSeed !== undefined)) {
    problems.push("base: two starting points, got checkpoint and tier or baseSeed, expected one of them");
  }
  if (mask.minVotes !== null && mask.minVotes > rollouts.samplesPerPrompt) {
    const most = `rollouts.samplesPerPrompt ${rollouts.samplesPerPrompt}`;
    problems.push(`mask.minVotes: masks every group, got ${mask.minVotes}, expected at most ${most}`);
  }
  if (run.reward === "soft-majority" && run.softVotes.penalty > 0 && masksBelow(run) >= run.softVotes.minShare) {
    problems.push(
      `softVotes.penalty: the mask drops every group that it is for, got ${run.softVotes.penalty}, expected 0 or a ` +
        `mask that keeps some groups below softVotes.minShare ${run.softVotes.minShare}`,
    );
  }
  if (data.size < rollouts.promptsPerStep) {
    const least = `rollouts.promptsPerStep ${rollouts.promptsPerStep}`;
    problems.push(`data.size: does not fill one step, got ${data.size}, expected at least ${least}`);
  }
  const { sets, endSets } = run.evaluation;
  const lists = { "data.levels": data.levels, "evaluation.sets": sets, "evaluation.endSets": endSets };
  for (const [place, items] of Object.entries(lists)) {
    if (new Set<unknown>(items).size < items.length) {
      problems.push(`${place}: repeated, got ${show(items)}, expected each once`);
    }
  }
  const inBoth = endSets.filter((name) => sets.includes(name));
  if (inBoth.length > 0) {
    problems.push(`evaluation.endSets: also in evaluation.sets, got ${show(inBoth)}, expected each in one of them`);
  }
  if (run.optimizer.restartPerStage && !isPlanned(data.order)) {
    const why = `data.order "${data.order}" has no stages that are known before training`;
    problems.push(`optimizer.restartPerStage: ${why}, got true, expected false`);
  }
  return problems;
}
