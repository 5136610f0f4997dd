// Which problems each step takes. CuMa trains its levels in order, easiest first; the others shuffle once. The plan is a
// pure function of seed, order and levels, so the position in the data is the step number alone and a run resumes anywhere.
// An order that is found while training (problem-feed.ts) has a plan of its length only.
// Paper silent on the rest; ours: every epoch is shuffled anew and walks the levels again; batches cross from one level to
// the next, so no problem is lost between stages; an incomplete last batch of an epoch is dropped (as verl does).

import { LabelfreeError } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { ProblemOrder, RunSettings } from "./settings.ts";

/** Orders that are known before training. */
export type PlannedOrder = Exclude<ProblemOrder, "adaptive" | "adarft">;

export interface PlanSettings {
  readonly seed: number;
  readonly order: ProblemOrder;
  readonly epochs: number;
  readonly promptsPerStep: number;
}

/** A run of steps whose first problem has the same level; a shuffled or unknown order is one stage with level null. */
export interface Stage {
  readonly epoch: number;
  readonly level: number | null;
  /** First step of the stage, counted from 1. */
  readonly firstStep: number;
  readonly steps: number;
}

export interface DataPlan {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** In order of steps, covering each step once. */
  readonly stages: readonly Stage[];
  /** Indices of the problems that a step (1 to totalSteps) trains on; throws "data/not-planned". */
  problemsAt(step: number): readonly number[];
  /** The stage that a step (1 to totalSteps) belongs to. */
  stageAt(step: number): Stage;
}

/** Plans a run over problems with these levels; throws "data/too-few-problems" when they do not fill one batch. */
export function planData(levels: readonly number[], settings: PlanSettings): DataPlan {
  const { order, epochs, promptsPerStep } = settings;
  const stepsPerEpoch = Math.floor(levels.length / promptsPerStep);
  if (stepsPerEpoch === 0) {
    throw new LabelfreeError(
      "data/too-few-problems",
      `data: too few training problems, got ${levels.length}, expected at least promptsPerStep ${promptsPerStep}; ` +
        "raise the data size or lower promptsPerStep",
      { fields: { problems: levels.length, promptsPerStep } },
    );
  }
  const totalSteps = stepsPerEpoch * epochs;
  const orders = isPlanned(order)
    ? Array.from({ length: epochs }, (_, epoch) => epochOrder(levels, settings.seed, order, epoch))
    : [];
  const problemsAt = (step: number): readonly number[] => {
    if (!isPlanned(order)) throw notPlanned(order, step);
    const epoch = Math.floor((step - 1) / stepsPerEpoch);
    const start = ((step - 1) % stepsPerEpoch) * promptsPerStep;
    return orders[epoch].slice(start, start + promptsPerStep);
  };

  const hasStages = isPlanned(order) && order !== "shuffled";
  const stages: Stage[] = [];
  for (let step = 1; step <= totalSteps; step += 1) {
    const epoch = hasStages ? Math.floor((step - 1) / stepsPerEpoch) : 0;
    const level = hasStages ? levels[problemsAt(step)[0]] : null;
    const last = stages.at(-1);
    if (last !== undefined && last.epoch === epoch && last.level === level) {
      stages[stages.length - 1] = { ...last, steps: last.steps + 1 };
    } else {
      stages.push({ epoch, level, firstStep: step, steps: 1 });
    }
  }
  const stageAt = (step: number): Stage => stages.findLast(({ firstStep }) => firstStep <= step) ?? stages[0];
  return { totalSteps, stepsPerEpoch, stages, problemsAt, stageAt };
}

/** What of a run's settings its plan depends on. */
export function planSettings(run: Pick<RunSettings, "seed" | "data" | "epochs" | "rollouts">): PlanSettings {
  const { seed, data, epochs, rollouts } = run;
  return { seed, order: data.order, epochs, promptsPerStep: rollouts.promptsPerStep };
}

/** Whether an order is known before training. */
export function isPlanned(order: ProblemOrder): order is PlannedOrder {
  return order !== "adaptive" && order !== "adarft";
}

/** The shuffle of an epoch (from 0), which every order starts from. */
export function shuffleOfEpoch(problems: number, seed: number, epoch: number): number[] {
  const random = Random.fromSeed(seed).fork(`data/epoch-${epoch}`);
  return random.shuffle(Array.from({ length: problems }, (_, index) => index));
}

function epochOrder(levels: readonly number[], seed: number, order: PlannedOrder, epoch: number): readonly number[] {
  const shuffled = shuffleOfEpoch(levels.length, seed, epoch);
  if (order === "shuffled") return shuffled;
  // a stable sort keeps the shuffle within each level
  const direction = order === "curriculum" ? 1 : -1;
  return shuffled.sort((a, b) => direction * (levels[a] - levels[b]));
}

function notPlanned(order: ProblemOrder, step: number): LabelfreeError {
  return new LabelfreeError(
    "data/not-planned",
    `data: the order "${order}" is found while training, got a question for the problems of step ${step}`,
    { fields: { order, step } },
  );
}
