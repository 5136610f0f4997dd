import { hashJson } from "../core/hash.ts";
import { Shown } from "../core/shown.ts";
import { createProvenance } from "../figures/provenance.ts";
import type { Finding } from "./finding.ts";
import type { FindingExtra } from "./finding-extra.ts";
import { htmlTable } from "./html-table.ts";
import { countStale } from "./recorded-study.ts";
import { codeHashOf, type Study } from "./study.ts";
import { textTable } from "./text-table.ts";
import type { Verdict } from "./verdict.ts";

const COLUMNS = [{ title: "made from" }, { title: "" }] as const;
const WIDTH = 100;
const SHORT = 16;

/** What a notebook's numbers were made from: versions, runs, sources and rules, and whether the sources have changed since. */
export function showProvenance({ extra }: Finding, study: Study, verdicts: readonly Verdict[]): Shown {
  const runKeys = study.runs.map(({ result }) => result.key);
  const codeHash = codeHashOf(study);
  const ruleHashes = Object.fromEntries(verdicts.map(({ claim, ruleHash }) => [claim, ruleHash]));
  const provenance = createProvenance({ scale: study.scale, runKeys, codeHash, ruleHashes });
  const stale = countStale(study);
  const rows = [
    ["labelfree", provenance.labelfreeVersion],
    ["scale", study.scale],
    [
      "runs",
      `${study.runs.length}, ${study.failures.length} failed; their keys ${hashJson([...runKeys].sort()).slice(0, SHORT)}`,
    ],
    ["sources of the runs", codeHash.slice(0, SHORT)],
    [
      "changed since",
      stale === 0 ? "no" : `yes: ${stale} of ${study.runs.length} runs were made by other sources than these`,
    ],
    ...(extra === undefined ? [] : [[extra.file, describeExtra(extra, study)]]),
    ...verdicts.map(({ claim, rule, ruleHash }) => [`rule of ${claim}`, `${rule}, ${ruleHash.slice(0, SHORT)}`]),
  ];
  return new Shown({
    "application/vnd.labelfree.provenance+json": provenance,
    "text/html": htmlTable(
      "Provenance",
      COLUMNS.map(({ title }) => title),
      rows,
    ),
    "text/plain": textTable(COLUMNS, rows, WIDTH),
  });
}

function describeExtra(extra: FindingExtra, study: Study): string {
  const isCurrent = extra.isCurrent(study.extra, study.scale);
  const keys = hashJson([...(extra.keys?.(study.extra) ?? [])].sort()).slice(0, SHORT);
  return `its keys ${keys}; ${isCurrent ? "made by these sources" : "made by other sources than these"}`;
}
