// The one door of labelfree: what notebooks and other programs import. Rooms are in the order of the arrows between them;
// what is not here is private and may change without notice.

// core: errors with stable codes, hashes, seeded randomness, mathematics with the same bits in every engine
export { canonicalJson, type Json } from "./core/canonical-json.ts";
export { formatError, isLabelfreeError, LabelfreeError } from "./core/errors.ts";
export * as exactMath from "./core/exact-math.ts";
export { hashBytes, hashJson } from "./core/hash.ts";
export type { Shown } from "./core/shown.ts";
export { createProgress, type ProgressDisplay, type ProgressOptions } from "./core/progress.ts";
export { Random, type RandomState } from "./core/random.ts";

// stats: intervals, paired tests, bootstrap, ranks
export { type Attainability, attainability, attainabilityIfCutOff } from "./stats/attainability.ts";
export {
  type BootstrapOptions,
  type Interval,
  pairedBootstrap,
  type Strata,
  stratifiedBootstrap,
} from "./stats/bootstrap.ts";
export { iqm, iqmFractional } from "./stats/iqm.ts";
export { mcNemarExact, type PairedCounts, pairedCounts } from "./stats/mcnemar.ts";
export { passAtK } from "./stats/pass-at-k.ts";
export { probabilityOfImprovement } from "./stats/probability-of-improvement.ts";
export { smallestEffect } from "./stats/smallest-effect.ts";
export { spearman, spearmanBootstrap } from "./stats/spearman.ts";
export { ascending, mean, quantile, sampleStd } from "./stats/summary.ts";
export { type Proportion, wilson } from "./stats/wilson.ts";

// device: where tensors live
export type { Device, Tensor } from "./device/device.ts";
export { createWasmDevice, type WasmDevice } from "./device/wasm/wasm-device.ts";

// model: transformers, their checkpoints and their optimiser
export { AdamW, type AdamWSettings, type AdamWState } from "./model/adamw.ts";
export { type Checkpoint, loadCheckpoint, readConfig, saveCheckpoint } from "./model/checkpoint.ts";
export {
  type ParameterShape,
  parameterShapes,
  parseConfig,
  toHuggingFaceConfig,
  type TransformerConfig,
} from "./model/config.ts";
export { initialWeights } from "./model/initial-weights.ts";
export { type GenerateOptions, Policy } from "./model/policy.ts";
export { readSafetensors, SafetensorsFile, writeSafetensors } from "./model/safetensors.ts";
export { learningRateAt, type ScheduleSettings } from "./model/schedule.ts";
export type { Rollouts, SequenceBatch, TokenScores } from "./model/sequence-batch.ts";
export { Transformer } from "./model/transformer.ts";

// tasks: the micro world, its problems and the tiers pre-trained on it
export { chainOfThought, checkedChainOfThought } from "./tasks/micro/chain-of-thought.ts";
export { type CorpusEntry, drawCorpusEntry, pretrainingExample } from "./tasks/micro/corpus.ts";
export { fullSet, generatedSet, naturalSet } from "./tasks/micro/data-sets.ts";
export { evaluationSets } from "./tasks/micro/evaluation-sets.ts";
export { createMicroTask, microTask } from "./tasks/micro/micro-task.ts";
export { generateProblem, solve } from "./tasks/micro/problem.ts";
export { type PretrainingSettings, TIERS, type TierName, type TierSettings } from "./tasks/micro/tiers.ts";
export { BOS, decode, EOS, encode, PAD, VOCABULARY } from "./tasks/micro/vocabulary.ts";
export { LEVELS, MICRO_WORLD, toWorld, type WorldSettings } from "./tasks/micro/world.ts";
export { answerClass } from "./tasks/answers/answer-class.ts";
export type { Problem, Task } from "./tasks/task.ts";

// rl: votes, rewards, advantages and losses as plain functions of numbers, and the trainer that all methods share
export { groupAdvantages } from "./rl/advantages.ts";
export { aggregationWeights } from "./rl/aggregation.ts";
export { type CollapseVerdict, detectCollapse, hasDeclined, toStepObservation } from "./rl/collapse-detector.ts";
export { type DataPlan, planData } from "./rl/curriculum.ts";
export { isDecided, rolloutsNeeded } from "./rl/decided-vote.ts";
export { evaluate } from "./rl/evaluate.ts";
export { judgeRollouts, readResponse } from "./rl/judge.ts";
export { type KlTerm, klTerm } from "./rl/kl.ts";
export { isMasked } from "./rl/mask.ts";
export { type MethodName, METHODS } from "./rl/methods.ts";
export type { EvaluationMetrics, StepMetrics } from "./rl/metrics.ts";
export { type PolicyLoss, policyLoss } from "./rl/policy-loss.ts";
export { pretrain, type PretrainingOptions, type PretrainingRow } from "./rl/pretraining.ts";
export { groupRewards, isBinary, majorityRewards, type RewardGroup } from "./rl/rewards.ts";
export { DEFAULT_SETTINGS, type RunSettings } from "./rl/settings.ts";
export { consensusPenalty, softMajorityRewards } from "./rl/soft-majority.ts";
export { Trainer, type TrainerHooks, type TrainerOptions, type TrainerOutcome } from "./rl/trainer.ts";
export { votingAnswers } from "./rl/vote-classes.ts";
export { countVotes, majorityVote, type Vote } from "./rl/votes.ts";

// runs: from a spec to a record that is trained once, resumes after a kill, and ends in the same bits
export { type BaseCheckpoint, loadBase } from "./runs/base-checkpoint.ts";
export { type Environment, readEnvironment } from "./runs/environment.ts";
export { type ExecuteOptions, executeRun, type RunProgress } from "./runs/execute-run.ts";
export type { LaunchProgress } from "./runs/launch-progress.ts";
export { type LaunchOptions, runAll } from "./runs/launcher.ts";
export { packagePath } from "./runs/package-root.ts";
export { type PlannedRun, planRuns } from "./runs/prepare-run.ts";
export type { RecordedRun } from "./runs/recorded-run.ts";
export { readRows } from "./runs/row-log.ts";
export { nameRun } from "./runs/run-name.ts";
export type { RunResult } from "./runs/run-result.ts";
export { findResult, runDirectory } from "./runs/run-store.ts";
export { type Run, type RunSpec, toRun } from "./runs/spec.ts";
export { type TrainingData, trainingData } from "./runs/training-data.ts";

// records: the runs of a study, kept compactly
export { compareRuns, type RunDifference } from "./records/compare-runs.ts";
export { mergeRecords, readRecords, writeRecords } from "./records/run-records.ts";

// figures: Vega-Lite specs in one theme, to SVG and PNG with the same bytes everywhere
export { createProvenance, type Provenance, readProvenance } from "./figures/provenance.ts";
export { renderPng, renderSvg } from "./figures/render.ts";
export { showFigure } from "./figures/show-figure.ts";
export { METHOD_COLORS, METHOD_LABELS, methodScale } from "./figures/theme.ts";

// findings: a finding's sweep, analysis, figures and verdicts
export { type Claim, loadClaim, ruleHash } from "./findings/claim.ts";
export type { Finding } from "./findings/finding.ts";
export { FINDINGS, findingNamed } from "./findings/index.ts";
export { loadPaperNumbers, type PaperNumbers } from "./findings/paper-numbers.ts";
export { openStudy, type OpenStudyOptions, trainRun } from "./findings/open-study.ts";
export { writeReport } from "./findings/report.ts";
export type { Scale, SweepOptions } from "./findings/scale.ts";
export { recordedStudy } from "./findings/recorded-study.ts";
export { showClaims } from "./findings/show-claims.ts";
export { showProvenance } from "./findings/show-provenance.ts";
export { showRun } from "./findings/show-run.ts";
export { showVerdicts } from "./findings/show-verdicts.ts";
export { runStudy, type Study, type StudyOptions } from "./findings/study.ts";
export type { Verdict, VerdictKind, VerdictPart } from "./findings/verdict.ts";
export { verdictTable } from "./findings/verdict-table.ts";

// lessons: the checks of their exercises, and groups of rollouts to look at
export { openLesson, type OpenLesson } from "./lessons/open-lesson.ts";
export { sampleGroups, type SampleOptions } from "./lessons/sample-groups.ts";
