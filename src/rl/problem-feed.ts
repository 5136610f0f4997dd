// Hands each step of a run its problems: those of the plan, or those that an order found while training chooses from what
// the steps before have shown. Only the latter has a state beyond the step number.

import { adaptiveOrder, type AgreementState } from "./adaptive-order.ts";
import { adarftOrder, type TargetState } from "./adarft-order.ts";
import { type DataPlan, isPlanned, type PlanSettings, shuffleOfEpoch } from "./curriculum.ts";
import { distinctLevels, LevelPools, type Taken } from "./level-pools.ts";
import type { GroupOutcome, OrderRule } from "./order-rule.ts";

/** Where an order that is found while training has come to. */
export interface FeedState<Rule = AgreementState | TargetState> {
  /** In the epoch of the last step. */
  readonly taken: Taken;
  readonly rule: Rule;
}

export interface ProblemFeed {
  /** Indices of the problems of a step; the steps must come one after the other. */
  next(step: number): readonly number[];
  /** Takes in what the step did. */
  learn(groups: readonly GroupOutcome[]): void;
  /** Undefined for a planned order. */
  state(): FeedState | undefined;
}

export interface FeedOptions {
  readonly levels: readonly number[];
  readonly settings: PlanSettings;
  readonly plan: DataPlan;
  /** Steps done. */
  readonly step: number;
  /** After these steps; of a feed with the same settings. */
  readonly state?: FeedState | undefined;
}

/** The feed of a run, at its start or at a stored state. */
export function createFeed(options: FeedOptions): ProblemFeed {
  const { levels, settings, plan, state } = options;
  if (isPlanned(settings.order)) {
    return { next: (step) => plan.problemsAt(step), learn: () => {}, state: () => undefined };
  }
  const distinct = distinctLevels(levels);
  return settings.order === "adaptive"
    ? new FoundOrder(adaptiveOrder(distinct), options, state as FeedState<AgreementState> | undefined)
    : new FoundOrder(adarftOrder(distinct), options, state as FeedState<TargetState> | undefined);
}

class FoundOrder<Rule extends AgreementState | TargetState> implements ProblemFeed {
  readonly #rule: OrderRule<Rule>;
  readonly #options: FeedOptions;
  #state: Rule;
  #pools: LevelPools;

  constructor(rule: OrderRule<Rule>, options: FeedOptions, state: FeedState<Rule> | undefined) {
    this.#rule = rule;
    this.#options = options;
    this.#state = state?.rule ?? rule.start;
    this.#pools = this.#poolsOf(Math.max(1, options.step), state?.taken);
  }

  next(step: number): readonly number[] {
    const { plan, settings } = this.#options;
    if ((step - 1) % plan.stepsPerEpoch === 0) this.#pools = this.#poolsOf(step);
    return this.#rule.choose(this.#state, this.#pools, settings.promptsPerStep);
  }

  learn(groups: readonly GroupOutcome[]): void {
    this.#state = this.#rule.learn(this.#state, groups);
  }

  state(): FeedState {
    return { taken: this.#pools.taken(), rule: this.#state };
  }

  #poolsOf(step: number, taken?: Taken): LevelPools {
    const { levels, settings, plan } = this.#options;
    const epoch = Math.floor((step - 1) / plan.stepsPerEpoch);
    return new LevelPools(levels, shuffleOfEpoch(levels.length, settings.seed, epoch), taken);
  }
}
