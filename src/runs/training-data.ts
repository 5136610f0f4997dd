// The problems that a run's settings name. One draw of the world serves all seeds of a run, as one published data set
// serves all seeds of an experiment; a run's own seed decides order, rollouts, ties and evaluation.

import { LabelfreeError } from "../core/errors.ts";
import type { EvaluationSets } from "../rl/evaluate.ts";
import type { DataSettings } from "../rl/settings.ts";
import { dataHash } from "../tasks/micro/data-hash.ts";
import { fullSet, naturalSet } from "../tasks/micro/data-sets.ts";
import { evaluationSets } from "../tasks/micro/evaluation-sets.ts";
import { microTask } from "../tasks/micro/micro-task.ts";
import { MICRO_WORLD, type PerLevel, type WorldSettings } from "../tasks/micro/world.ts";
import type { Problem, Task } from "../tasks/task.ts";
import type { Run } from "./spec.ts";

const DATA_SEED = 1;

const NATURAL_COUNTS: Readonly<Record<DataSettings["skew"], PerLevel>> = {
  math: MICRO_WORLD.naturalCounts,
  scarce: [20, 80, 200, 330, 370],
};

export interface TrainingData {
  readonly task: Task;
  readonly problems: readonly Problem[]; // in level order
  readonly evaluationSets: EvaluationSets;
  readonly sha256: string;
}

/** Draws the training and evaluation problems of a run. Throws LabelfreeError `data/unknown-task`. */
export function trainingData({ task, data }: Pick<Run, "task" | "data">): TrainingData {
  if (task !== microTask.name) {
    const message = `task: unknown task, got "${task}", expected "${microTask.name}"`;
    throw new LabelfreeError("data/unknown-task", message, { fields: { task } });
  }
  const world = worldOf(data);
  const problemsOf = data.set === "full" ? fullSet : naturalSet;
  const problems = problemsOf(DATA_SEED, world, data.form);
  const sets = { ...evaluationSets() };
  return { task: microTask, problems, evaluationSets: sets, sha256: dataHash(world, { training: problems, ...sets }) };
}

/** The default world, its training sets cut or stretched to the levels and the size asked for. */
function worldOf({ skew, levels, size }: DataSettings): WorldSettings {
  return {
    ...MICRO_WORLD,
    naturalCounts: spread(size, NATURAL_COUNTS[skew], levels),
    fullCounts: spread(size, MICRO_WORLD.fullCounts, levels),
  };
}

/** `size` over the chosen levels in proportion to `counts`, by largest remainder; the lower level wins a tie. */
function spread(size: number, counts: PerLevel, levels: readonly number[]): PerLevel {
  const kept = counts.map((count, index) => (levels.includes(index + 1) ? count : 0));
  const total = kept.reduce((sum, count) => sum + count, 0);
  const whole = kept.map((count) => Math.floor((size * count) / total));
  const missing = size - whole.reduce((sum, count) => sum + count, 0);
  const remainders = kept.map((count, index) => ({ index, remainder: (size * count) % total }));
  remainders.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of remainders.slice(0, missing)) whole[index] += 1;
  return [whole[0], whole[1], whole[2], whole[3], whole[4]];
}
