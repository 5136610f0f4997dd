// What the commands that work on findings have in common: which findings, at which scale, and the folders of each.

import { join } from "node:path";
import { Argument, Option } from "commander";
import { defaultSeeds, type Finding } from "../findings/finding.ts";
import { FINDINGS, findingNamed } from "../findings/index.ts";
import type { Scale } from "../findings/scale.ts";
import { packagePath } from "../runs/package-root.ts";

/** Any number of findings; none stands for all. */
export function findingsArgument(): Argument {
  const titles = Object.entries(FINDINGS).map(([name, { title }]) => `${name}: ${title}`);
  return new Argument("[findings...]", `default all; ${titles.join("; ")}`).choices(Object.keys(FINDINGS));
}

/** The findings of these names, each once, or all of them. */
export function chosenFindings(names: readonly string[]): Finding[] {
  return names.length === 0 ? Object.values(FINDINGS) : [...new Set(names)].map(findingNamed);
}

export function scaleOption(): Option {
  return new Option("--scale <scale>", "how large").choices(["smoke", "micro", "paper"]).default("micro");
}

export function recordsOption(): Option {
  return new Option("--records <dir>", "folder of records, one folder a scale").default(
    packagePath("data", "records"),
    "data/records of this package",
  );
}

/** Figures of the whole micro study are the ones to show; all others lie apart, so that none takes their place. */
export function figureFolder(out: string, finding: Finding, { scale, seeds }: { scale: Scale; seeds: number }): string {
  const isWhole = seeds === defaultSeeds(finding, scale);
  if (scale === "micro" && isWhole) return join(out, "figures");
  return join(out, "figures", isWhole ? scale : `${scale}-seeds-${seeds}`);
}
