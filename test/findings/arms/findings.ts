import { adaptive } from "../../../src/findings/adaptive/finding.ts";
import { ADAPTIVE_COMPARISONS } from "../../../src/findings/adaptive/sweep.ts";
import type { ArmsAnalysis } from "../../../src/findings/arms/arms-analysis.ts";
import type { Comparison } from "../../../src/findings/arms/arm.ts";
import { families } from "../../../src/findings/families/finding.ts";
import { FAMILIES_COMPARISONS } from "../../../src/findings/families/sweep.ts";
import type { Finding } from "../../../src/findings/finding.ts";
import { longRun } from "../../../src/findings/long-run/finding.ts";
import { LONG_RUN_COMPARISONS } from "../../../src/findings/long-run/sweep.ts";
import { rewards } from "../../../src/findings/rewards/finding.ts";
import { REWARDS_COMPARISONS } from "../../../src/findings/rewards/sweep.ts";
import { settings } from "../../../src/findings/settings/finding.ts";
import { SETTINGS_COMPARISONS } from "../../../src/findings/settings/sweep.ts";
import { worlds } from "../../../src/findings/worlds/finding.ts";
import { WORLDS_COMPARISONS } from "../../../src/findings/worlds/sweep.ts";

export interface ArmsCase {
  readonly finding: Finding<ArmsAnalysis>;
  readonly comparisons: readonly Comparison[];
  /** Runs at micro scale that neither the collapse study nor the ablation has. */
  readonly newRuns: number;
}

/** Every finding that compares arms. */
export const CASES: readonly ArmsCase[] = [
  { finding: adaptive, comparisons: ADAPTIVE_COMPARISONS, newRuns: 20 },
  { finding: rewards, comparisons: REWARDS_COMPARISONS, newRuns: 105 },
  { finding: settings, comparisons: SETTINGS_COMPARISONS, newRuns: 110 },
  { finding: families, comparisons: FAMILIES_COMPARISONS, newRuns: 108 },
  { finding: longRun, comparisons: LONG_RUN_COMPARISONS, newRuns: 18 },
  { finding: worlds, comparisons: WORLDS_COMPARISONS, newRuns: 110 },
];
