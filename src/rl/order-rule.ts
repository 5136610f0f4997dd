import type { LevelPools } from "./level-pools.ts";

/** What a step found out about one of its prompts. */
export interface GroupOutcome {
  readonly level: number;
  /** Share of the rollouts behind the most frequent answer. */
  readonly agreement: number;
  /** Share of the rollouts that are truly correct, which a label-free rule may not look at. */
  readonly accuracy: number;
}

/** An order that is found while training; its state is plain numbers, so that a checkpoint keeps it bit for bit. */
export interface OrderRule<State> {
  readonly start: State;
  /** Takes `count` problems out of the pools, which hold as many; their indices. */
  choose(state: State, pools: LevelPools, count: number): number[];
  /** The state after a step with these groups. */
  learn(state: State, groups: readonly GroupOutcome[]): State;
}
