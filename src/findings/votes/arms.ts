// What the vote sweep varies: rollouts per problem, N, and the rule by which CuMa's mask keeps a group.
import { LabelfreeError } from "../../core/errors.ts";
import type { MaskSettings } from "../../rl/settings.ts";
import type { Run } from "../../runs/spec.ts";

/** Rollouts per problem. */
export const GROUP_SIZES = [4, 8, 16, 32, 64] as const;

/** The paper's number, and the one that the others are compared with. */
export const USUAL_SIZE = 8;

/** Rollouts per update at an equal number of rollouts. */
export const ROLLOUTS_PER_STEP = 64;

/** Problems per update at an equal number of problems. */
export const PROBLEMS_PER_STEP = ROLLOUTS_PER_STEP / USUAL_SIZE;

export type KeepRuleName = "two" | "three" | "half";

export interface KeepRule {
  readonly name: KeepRuleName;
  /** A group is kept that has ... */
  readonly label: string;
  readonly mask: Pick<MaskSettings, "minVotes" | "minShare">;
  /** Group sizes at which the rule is run. */
  readonly sizes: readonly number[];
}

/**
 * Rules whose runs can differ: half of 4 rollouts is two of them, and of 32 or more rollouts there are always three
 * alike in practice (how often not, the vote bank says), so that the rules "two" and "three" would train the same bits.
 */
export const KEEP_RULES: readonly KeepRule[] = [
  { name: "two", label: "2 equal answers (CuMa)", mask: { minVotes: 2, minShare: null }, sizes: GROUP_SIZES },
  { name: "three", label: "3 equal answers", mask: { minVotes: 3, minShare: null }, sizes: [4, 8, 16] },
  { name: "half", label: "half of them equal", mask: { minVotes: null, minShare: 0.5 }, sizes: [8, 16, 32, 64] },
];

/** What runs of different N have in common: the rollouts that they spend, or the problems that they see. */
export type Budget = "rollouts" | "problems";

export interface VoteArm {
  readonly size: number;
  readonly rule: KeepRuleName;
  /** Both for the usual size under the usual rule, the reference of either comparison. */
  readonly budgets: readonly Budget[];
}

/**
 * The arm of a run.
 * @throws LabelfreeError `votes/unknown-arm`.
 */
export function armOf({ rollouts, mask }: Pick<Run, "rollouts" | "mask">): VoteArm {
  const { samplesPerPrompt: size, promptsPerStep } = rollouts;
  const { minVotes, minShare } = mask;
  const rule = KEEP_RULES.find((known) => known.mask.minVotes === minVotes && known.mask.minShare === minShare);
  const budgets: Budget[] = [];
  if (promptsPerStep * size === ROLLOUTS_PER_STEP) budgets.push("rollouts");
  if (promptsPerStep === PROBLEMS_PER_STEP && rule?.name === "two") budgets.push("problems");
  const isKnown = (GROUP_SIZES as readonly number[]).includes(size) && budgets.length > 0;
  if (rule !== undefined && isKnown) return { size, rule: rule.name, budgets };
  const got = `N ${size}, ${promptsPerStep} problems an update, minVotes ${minVotes}, minShare ${minShare}`;
  throw new LabelfreeError("votes/unknown-arm", `votes: got a run with ${got}, expected one of the sweep's`);
}
