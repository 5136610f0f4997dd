import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { createProgress, type ProgressDisplay } from "../core/progress.ts";
import { assertSameBits, type CheckedTier, checkTiers } from "../runs/check-tiers.ts";
import { packagePath } from "../runs/package-root.ts";
import type { TierOutcome, TierProgress } from "../runs/pretrain-tier.ts";
import { type PretrainTiersOptions, pretrainTiers } from "../runs/pretrain-tiers.ts";
import { nameTier, type TierRequest } from "../runs/tier-key.ts";
import { tierDirectory } from "../runs/tier-store.ts";
import { baseSeedsOf, TIER_NAMES, TIERS, type TierName } from "../tasks/micro/tiers.ts";
import { integerOption } from "./number-option.ts";
import { withStopSignals } from "./stop-signals.ts";

interface PretrainOptions {
  readonly tier: readonly TierName[];
  readonly seed?: readonly number[];
  readonly out: string;
  readonly work: string;
  readonly threads: number;
  readonly jobs: number;
  readonly force?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

const CHECKPOINTS = packagePath("data", "checkpoints");

export const pretrainCommand = new Command("pretrain")
  .description("train the tiers that runs start from, or go on with them where they were interrupted")
  .addOption(new Option("--tier <names...>", "which tiers").choices(TIER_NAMES).default(TIER_NAMES, "all"))
  .option("--seed <n...>", "pre-training seeds (default: those that labelfree keeps, 1 2 3 or 1 2)", seeds)
  .addOption(
    new Option("--out <dir>", "folder of the finished tiers").default(CHECKPOINTS, "data/checkpoints of labelfree"),
  )
  .option("--work <dir>", "folder for what is under way", "runs/pretraining")
  .option("--threads <n>", "threads of each tier; the bits are the same for any number", integerOption(1, 64), 1)
  .addOption(
    new Option("--jobs <n>", "tiers at the same time")
      .argParser(integerOption(1, 256))
      .default(availableParallelism(), "the number of cores"),
  )
  .option("--force", "train also what is there and whole")
  .addOption(
    new Option("--check", "train again elsewhere and compare with what is there; writes nothing").conflicts("force"),
  )
  .option("--json", "print the result as one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree pretrain
  labelfree pretrain --tier xs s --seed 1
  labelfree pretrain --tier xs --check --json`,
  )
  .action(async ({ tier, seed, out, work, threads, jobs, force = false, ...options }: PretrainOptions) => {
    const { check = false, json = false } = options;
    const requests = [...new Set(tier)].flatMap((name) => {
      return [...new Set(seed ?? baseSeedsOf(name))].map((seed) => ({ tier: name, seed, settings: TIERS[name] }));
    });
    const print = (value: object, text: string) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
    if (check) {
      const tiers = await withProgress(requests, (hooks) => checkTiers(requests, { out, threads, jobs, ...hooks }));
      print({ tiers }, tiers.map(describeChecked).join(""));
      assertSameBits(tiers);
      return;
    }
    const outcomes = await withProgress(requests, (hooks) => {
      return pretrainTiers(requests, { out, work, threads, jobs, force, ...hooks });
    });
    print(
      { tiers: outcomes.map((outcome) => toLine(outcome, out)) },
      outcomes.map((one) => describe(one, out)).join(""),
    );
  });

function seeds(text: string, before: readonly number[] = []): number[] {
  const seed = integerOption(0, Number.MAX_SAFE_INTEGER)(text);
  if (before.includes(seed)) throw new InvalidArgumentError("Expected each seed once.");
  return [...before, seed];
}

type Hooks = Pick<PretrainTiersOptions, "signal" | "onNotice" | "onProgress" | "onDone">;

async function withProgress<T>(requests: readonly TierRequest[], work: (hooks: Hooks) => Promise<T>): Promise<T> {
  const display = createProgress({ stream: process.stderr, label: "pretrain" });
  const onNotice = (text: string) => display.log(text);
  try {
    return await withStopSignals(onNotice, (signal) => work({ signal, onNotice, ...follow(requests, display) }));
  } finally {
    display.finish();
  }
}

/** Shows the steps of all tiers together, and the state of those under way. */
function follow(requests: readonly TierRequest[], display: ProgressDisplay): Pick<Hooks, "onProgress" | "onDone"> {
  const done = new Map(requests.map((request) => [request, 0]));
  const running = new Map<TierRequest, TierProgress>();
  const total = requests.reduce((sum, { settings }) => sum + settings.pretraining.steps, 0);
  const show = () => {
    const steps = [...done.values()].reduce((sum, step) => sum + step, 0);
    const note = Array.from(running, ([request, progress]) => `${nameTier(request)} ${inShort(progress)}`).join("  ");
    display.update({ done: steps, total, note });
  };
  return {
    onProgress: (request, progress) => {
      const { step, totalSteps, loss } = progress;
      if (loss === null && step > 0) display.log(`${nameTier(request)}: goes on from step ${step} of ${totalSteps}`);
      done.set(request, step);
      if (step < totalSteps) running.set(request, progress);
      else running.delete(request);
      show();
    },
    onDone: (request, { record, isNew }) => {
      done.set(request, request.settings.pretraining.steps); // a tier that was placed early needs no more
      running.delete(request);
      if (isNew) display.log(`${nameTier(request)}: done after ${record.steps} steps, ${placed(record)}`);
      show();
    },
  };
}

function inShort({ step, loss, placementAccuracy }: TierProgress): string {
  const parts = [`step ${step}`];
  if (loss !== null) parts.push(`loss ${loss.toFixed(3)}`);
  if (placementAccuracy !== null) parts.push(placed({ placementAccuracy }));
  return parts.join(" ");
}

function placed({ placementAccuracy }: Pick<TierProgress, "placementAccuracy">): string {
  return `placement accuracy ${placementAccuracy === null ? "unknown" : placementAccuracy.toFixed(3)}`;
}

/** What --json prints of a tier. */
function toLine({ record, isNew }: TierOutcome, out: string): object {
  const { tier, seed, steps, placementAccuracy, sha256, weightsHash } = record;
  return { tier, seed, steps, placementAccuracy, sha256, weightsHash, isNew, directory: tierDirectory(out, record) };
}

function describe({ record, isNew }: TierOutcome, out: string): string {
  const directory = relative(".", tierDirectory(out, record)) || ".";
  const facts = `${record.steps} steps, ${placed(record)}, weights ${record.sha256.slice(0, 16)}`;
  return `${directory}  ${facts}${isNew ? "" : ", was there"}\n`;
}

function describeChecked({ committed, trained, isSame, problem, ...tier }: CheckedTier): string {
  if (isSame) return `${nameTier(tier)}  same bits, ${trained}\n`;
  const reason = problem === null ? "" : ` (${problem})`;
  return `${nameTier(tier)}  DIFFERENT: there ${committed ?? "none"}${reason}, trained again ${trained}\n`;
}
