// A small study of its own for reviews: three tiny runs that were really trained, a finding with one figure, one claim and
// extra data, a base checkpoint with its list, and a notebook. A test works on a copy of it.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { Claim } from "../../src/findings/claim.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { type FindingExtra, writeExtra } from "../../src/findings/finding-extra.ts";
import { writeReport } from "../../src/findings/report.ts";
import { runStudy } from "../../src/findings/study.ts";
import { meanDifference, toVerdict } from "../../src/findings/verdict.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { writeRecords } from "../../src/records/run-records.ts";
import { type Review, type ReviewOptions, review } from "../../src/review/review.ts";
import type { RecordedRun } from "../../src/runs/recorded-run.ts";
import { tierConfig } from "../../src/runs/tier-config.ts";
import { toTierKey } from "../../src/runs/tier-key.ts";
import { saveTier, writeTierIndex } from "../../src/runs/tier-store.ts";
import { TIERS } from "../../src/tasks/micro/tiers.ts";
import { beginRun, finishRun } from "../../src/workbook/run-notebook.ts";
import { saveTinyBase, tinySpec } from "../runs/tiny-base.ts";
import { KERNEL, notebookOf, save } from "../workbook/notebooks.ts";

const STEPS = 3;
const SEEDS = [1, 2, 3];

const CLAIM: Claim = {
  id: "claim-1",
  finding: "tiny",
  statement: "Entropy is above 1 nat.",
  place: "nowhere",
  metric: "entropy",
  direction: "greater",
  scale: "smoke",
  paperBenchmarks: ["MATH-500"],
  rule: {
    name: "entropy-is-large",
    version: 1,
    smallestEffect: 1,
    intervalLevel: 0.95,
    resamples: 100,
    fewestSeeds: 2,
  },
};

interface Numbers {
  readonly key: string;
  readonly numbers: readonly number[];
}

const extra: FindingExtra<Numbers> = {
  file: "tiny-numbers.json",
  parse: (value) => value as Numbers,
  toJson: ({ key, numbers }) => ({ key, numbers }),
  keys: ({ key }) => [key],
  isCurrent: ({ key }) => key === "now",
  make: async () => ({ key: "now", numbers: [3, 1, 4, 1, 5] }),
};

export interface Study {
  /** A copy that the test may change. */
  readonly folder: string;
  readonly records: string;
  readonly figures: string;
  readonly notebooks: string;
  readonly checkpoints: string;
  readonly claim: string;
  readonly runs: readonly RecordedRun[];
  /** Rewrites the records consistently, their hashes too. */
  change(seed: number, to: (run: RecordedRun) => RecordedRun): void;
  /** Without training and notebooks unless these are asked for. */
  review(changes?: Partial<ReviewOptions>): Promise<Review>;
}

export interface Fixture {
  readonly base: string;
  study(): Study;
  remove(): void;
}

/** Trains and draws the study once. */
export async function makeFixture(): Promise<Fixture> {
  const root = mkdtempSync(join(tmpdir(), "labelfree-review-"));
  const whole = join(root, "study");
  for (const name of ["records/smoke", "figures", "notebooks", "checkpoints"]) {
    mkdirSync(join(whole, name), { recursive: true });
  }
  const base = saveTinyBase(root);
  const study = await runStudy(specsOf(base), "smoke", { root: join(root, "runs"), jobs: 1 });
  writeRecords(join(whole, "records", "smoke"), study.runs);
  const data = await extra.make("smoke");
  writeExtra(extra, join(whole, "records", "smoke"), data);
  const claim = join(whole, "claim-1.json");
  writeFileSync(claim, JSON.stringify(CLAIM, null, 2));
  const finding = tinyFinding(base, claim);
  const full = { ...study, extra: data };
  const analysis = finding.analyse(full);
  const verdicts = finding.verdicts(analysis, full);
  await writeReport({ finding, study: full, analysis, verdicts, folder: join(whole, "figures") });
  saveUntrainedTier(join(whole, "checkpoints"));
  await saveNotebook(join(whole, "notebooks"));
  let copies = 0;
  return {
    base,
    study: () => {
      const folder = join(root, `copy-${copies++}`);
      cpSync(whole, folder, { recursive: true });
      onTestFinished(() => rmSync(folder, { recursive: true }));
      return openStudy(folder, base, study.runs);
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

function openStudy(folder: string, base: string, runs: readonly RecordedRun[]): Study {
  const places = {
    records: join(folder, "records"),
    figures: join(folder, "figures"),
    notebooks: join(folder, "notebooks"),
    checkpoints: join(folder, "checkpoints"),
  };
  const claim = join(folder, "claim-1.json");
  return {
    ...{ folder, ...places, claim, runs },
    change: (seed, to) =>
      writeRecords(
        join(places.records, "smoke"),
        runs.map((run) => (run.result.run.seed === seed ? to(run) : run)),
      ),
    review: (changes = {}) =>
      review({
        scale: "smoke",
        findings: [tinyFinding(base, claim)],
        loadClaims: () => [readClaim(claim)],
        records: places.records,
        checkpoints: places.checkpoints,
        notebooks: join(folder, "none"),
        figuresOf: () => places.figures,
        committed: [],
        ...{ sample: 0, seed: 1, jobs: 1 },
        kernelOf: () => KERNEL,
        ...changes,
      }),
  };
}

function specsOf(base: string) {
  return SEEDS.map((seed) => tinySpec(base, { seed, steps: STEPS }));
}

function readClaim(path: string): Claim {
  return JSON.parse(readFileSync(path, "utf8"));
}

function tinyFinding(base: string, claim: string): Finding {
  const entropies: Finding<readonly number[]> = {
    name: "tiny",
    title: "entropy of tiny runs",
    extra,
    sweep: () => specsOf(base),
    analyse: ({ runs }) => runs.map(({ steps }) => steps[STEPS - 1].entropy as number),
    figures: (values, { extra: data }) => ({
      "tiny-entropy": {
        data: {
          values: [...values, ...(data as Numbers).numbers].map((value, index) => ({ run: `${index + 1}`, value })),
        },
        mark: "bar",
        encoding: {
          x: { field: "run", type: "nominal", title: "run" },
          y: { field: "value", type: "quantitative", title: "entropy (nats)" },
        },
        width: 200,
        height: 100,
      },
    }),
    verdicts: (values, { scale }) => {
      const judged = readClaim(claim);
      const { rule } = judged;
      const interval = meanDifference(values, rule, Random.fromSeed(1));
      const verdict = interval.estimate > rule.smallestEffect ? "reproduced" : "not reproduced";
      const part = { label: "entropy", ...interval, verdict, paper: [] } as const;
      return [toVerdict(judged, { scale, verdict, decidedBy: part, parts: [part], sideMeasures: [], notes: [] })];
    },
    numbers: () => "",
  };
  return entropies as Finding;
}

function saveUntrainedTier(out: string): void {
  const request = { tier: "xs", seed: 1, settings: TIERS.xs };
  const { key: _, ...ingredients } = toTierKey(request);
  const weights = initialWeights(tierConfig(request.settings), Random.fromSeed(1));
  const facts = { ...request, ...ingredients, steps: 1300, placementAccuracy: 0.125, weightsHash: "0".repeat(64) };
  saveTier(out, facts, weights);
  writeTierIndex(out);
}

async function saveNotebook(folder: string): Promise<void> {
  const path = save(folder, "sum.ipynb", notebookOf(["const a = 40;", "a + 2"]));
  const begun = beginRun(path, { kernelOf: () => KERNEL });
  if (begun === null) throw new Error("nothing to do");
  begun.write();
  await finishRun(begun, {});
}
