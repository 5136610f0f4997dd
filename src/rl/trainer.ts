// The training loop that all methods share. One step: take problems, sample rollouts, read the answers, vote, reward, mask,
// turn rewards into advantages, and update. The first update of a batch is on-policy: its old log-probabilities are the
// rollouts' own, so no second forward pass is made; later updates score the same responses again.
//
// Choices where the paper is silent: a step without any signal still updates (weight decay and momentum act), as PyTorch
// trainers do. All randomness derives from the seed and the step number, so weights, optimiser and step are the whole state,
// with that of the data's order where it is found while training.
// When loss or gradient norm ceases to be finite the run ends as "diverged", which is a result: no further evaluation is
// made, and no checkpoint, for there is nothing left to measure or to resume.

import { LabelfreeError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { AdamW } from "../model/adamw.ts";
import type { Policy } from "../model/policy.ts";
import type { Rollouts, TokenScores } from "../model/sequence-batch.ts";
import type { Problem, Task } from "../tasks/task.ts";
import type { UpdateOutcome } from "./batch-metrics.ts";
import { isDiverged, stepMetrics } from "./batch-metrics.ts";
import { type DataPlan, planData, planSettings } from "./curriculum.ts";
import type { EvaluationSets } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import type { JudgedGroup } from "./judge.ts";
import { judgeRollouts } from "./judge.ts";
import { learningRateOf } from "./learning-rate.ts";
import { createFeed, type FeedState, type ProblemFeed } from "./problem-feed.ts";
import type { EvaluationMetrics, StepMetrics } from "./metrics.ts";
import type { GroupOutcome } from "./order-rule.ts";
import { policyLoss } from "./policy-loss.ts";
import { accuracyOf } from "./reading-means.ts";
import type { RunSettings } from "./settings.ts";

/** All that a run needs beside weights and optimiser to go on. */
export interface TrainerState {
  /** Steps done. */
  readonly step: number;
  /** Only of an order that is found while training. */
  readonly order?: FeedState;
}

export interface TrainerOptions {
  readonly settings: RunSettings;
  readonly task: Task;
  /** The training set, in its natural order. */
  readonly problems: readonly Problem[];
  /** By name; must hold those that the settings evaluate. */
  readonly evaluationSets: EvaluationSets;
  /** Its transformer is what the optimiser updates. */
  readonly policy: Policy;
  /** The base policy, frozen; needed when klWeight is above 0. */
  readonly reference?: Policy;
  readonly optimizer: AdamW;
  /** State to go on from, with weights and optimiser restored to the same step. Default: the start. */
  readonly state?: TrainerState;
}

export interface TrainerHooks {
  onStep(row: StepMetrics): void;
  onEvaluation(row: EvaluationMetrics): void;
  /** Asked after each step but the last; true ends the run after a checkpoint. */
  shouldStop?(): boolean;
  /** Called after a step and its evaluation, every checkpointEverySteps, at the end, and before stopping. */
  checkpoint?(step: number): Promise<void>;
}

export type TrainerOutcome = "finished" | "stopped" | "diverged";

export class Trainer {
  readonly totalSteps: number;
  readonly #options: TrainerOptions;
  readonly #plan: DataPlan;
  readonly #feed: ProblemFeed;
  readonly #random: Random;
  #step: number;

  private constructor(options: TrainerOptions) {
    const { settings, problems, state } = options;
    this.#options = options;
    const levels = problems.map((problem) => problem.level);
    this.#plan = planData(levels, planSettings(settings));
    this.#step = state?.step ?? 0;
    this.#feed = createFeed({
      levels,
      settings: planSettings(settings),
      plan: this.#plan,
      step: this.#step,
      state: state?.order,
    });
    this.#random = Random.fromSeed(settings.seed);
    this.totalSteps = this.#plan.totalSteps;
  }

  /** Plans a run; throws "data/too-few-problems", or "trainer/no-reference" for a KL term without a reference. */
  static create(options: TrainerOptions): Trainer {
    const { klWeight } = options.settings.loss;
    if (klWeight > 0 && options.reference === undefined) {
      throw new LabelfreeError(
        "trainer/no-reference",
        `trainer: a KL term needs the base policy, got klWeight ${klWeight} and no reference; pass \`reference\``,
        { fields: { klWeight } },
      );
    }
    return new Trainer(options);
  }

  state(): TrainerState {
    const order = this.#feed.state();
    return { step: this.#step, ...(order === undefined ? {} : { order }) };
  }

  /** Trains to the end, or until asked to stop or diverged; evaluates before the first step, when due, and at the end. */
  async run(hooks: TrainerHooks): Promise<TrainerOutcome> {
    const { evaluation, checkpointEverySteps } = this.#options.settings;
    if (this.#step === 0) hooks.onEvaluation(await this.#evaluate());
    while (this.#step < this.totalSteps) {
      this.#step += 1;
      const row = await this.#train(this.#step);
      hooks.onStep(row);
      if (row["labelfree/diverged"]) return "diverged";
      const isLast = this.#step === this.totalSteps;
      if (isLast || this.#step % evaluation.everySteps === 0) hooks.onEvaluation(await this.#evaluate());
      const isStopping = !isLast && hooks.shouldStop?.() === true;
      if (isLast || isStopping || this.#step % checkpointEverySteps === 0) await hooks.checkpoint?.(this.#step);
      if (isStopping) return "stopped";
    }
    return "finished";
  }

  async #train(step: number): Promise<StepMetrics> {
    const { settings, task } = this.#options;
    const problems = this.#feed.next(step).map((index) => this.#options.problems[index]);
    const rollouts = await this.#sample(step, problems);
    const groups = judgeRollouts(rollouts, problems, task, settings, this.#random.fork(`judge/${step}`));
    const updates = await this.#update(step, rollouts, groups);
    this.#feed.learn(groups.map(toOutcome));
    return stepMetrics(step, groups, rollouts.scores, updates, settings);
  }

  #sample(step: number, problems: readonly Problem[]): Promise<Rollouts> {
    const { policy, settings, task } = this.#options;
    const { samplesPerPrompt, maxNewTokens, temperature } = settings.rollouts;
    return policy.generate(
      problems.map((problem) => task.encodePrompt(problem)),
      {
        samplesPerPrompt,
        maxNewTokens,
        temperature,
        stopIds: task.stopIds,
        random: this.#random.fork(`rollouts/${step}`),
        train: true,
      },
    );
  }

  async #update(step: number, rollouts: Rollouts, groups: readonly JudgedGroup[]): Promise<UpdateOutcome[]> {
    const { policy, reference, optimizer, settings } = this.#options;
    const { temperature, maxNewTokens } = settings.rollouts;
    const { klWeight } = settings.loss;
    const referenceScores = klWeight > 0 ? await reference?.score(rollouts, { temperature }) : undefined;
    const updates: UpdateOutcome[] = [];
    for (let update = 0; update < settings.updatesPerBatch; update += 1) {
      const scores = update === 0 ? rollouts.scores : await policy.score(rollouts, { temperature });
      const loss = policyLoss(
        this.#lossBatch(rollouts.scores, scores, referenceScores, groups),
        settings.loss,
        maxNewTokens,
      );
      const learningRate = learningRateOf(step, update, this.#plan, settings);
      const outcome = {
        loss: scores.logp.every(Number.isFinite) ? loss.loss : Number.NaN, // groups without a signal hide it
        gradNorm: Number.NaN,
        learningRate,
        clipFraction: loss.clipFraction,
        kl: referenceScores === undefined ? null : loss.kl,
      };
      updates.push(outcome);
      if (!Number.isFinite(outcome.loss)) break;
      policy.backward(Float32Array.from(loss.gradient));
      const { gradNorm } = await optimizer.step(learningRate, { clipNorm: settings.optimizer.clipNorm });
      updates[update] = { ...outcome, gradNorm };
      if (isDiverged(updates[update])) break;
    }
    return updates;
  }

  #lossBatch(
    old: TokenScores,
    current: TokenScores,
    reference: TokenScores | undefined,
    groups: readonly JudgedGroup[],
  ): Parameters<typeof policyLoss>[0] {
    const { scope } = this.#options.settings.mask;
    const kept = groups.flatMap(({ masked, advantages }) => advantages.map(() => !masked));
    return {
      offsets: current.offsets,
      logp: current.logp,
      logpOld: old.logp,
      advantages: groups.flatMap(({ advantages }) => advantages),
      ...(reference === undefined ? {} : { logpReference: reference.logp }),
      ...(scope === "advantage" ? {} : { inKl: kept }),
      ...(scope === "tokens" ? { counted: kept } : {}),
    };
  }

  #evaluate(): Promise<EvaluationMetrics> {
    const { policy, task, evaluationSets, settings } = this.#options;
    const isEnd = this.#step === 0 || this.#step === this.totalSteps;
    return evaluate({ step: this.#step, isEnd, policy }, task, evaluationSets, settings);
  }
}

function toOutcome({ problem, vote, readings }: JudgedGroup): GroupOutcome {
  return { level: problem.level, agreement: vote.share, accuracy: accuracyOf(readings) ?? 0 };
}
