import { Command } from "commander";
import type { ClaimReport, StoredStudy } from "../findings/claim-reports.ts";
import { reportClaims } from "../findings/claim-reports.ts";
import { claimTable } from "../findings/claim-table.ts";
import { defaultSeeds } from "../findings/finding.ts";
import { FINDINGS } from "../findings/index.ts";
import { auditPaper } from "../findings/paper-audit.ts";
import { paperAuditTable } from "../findings/paper-audit-table.ts";
import type { Scale } from "../findings/scale.ts";
import { integerOption } from "./number-option.ts";
import { figureFolder, scaleOption } from "./study-options.ts";

interface VerdictsOptions {
  readonly scale: Scale;
  readonly seeds?: number;
  readonly out: string;
  readonly audit?: boolean;
  readonly json?: boolean;
}

const LARGEST_WIDTH = 120;

export const verdictsCommand = new Command("verdicts")
  .description("show every claim of the paper with its stored verdict; fails where a rule has changed since")
  .addOption(scaleOption())
  .option("--seeds <n>", "of the study with seeds 1 to n; default what each finding asks for", integerOption(1, 1000))
  .option("--out <dir>", "folder of figures/", ".")
  .option("--audit", "also check the paper's own numbers: can they be counts, and how far are they apart")
  .option("--json", "print one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree verdicts
  labelfree verdicts --audit
  labelfree verdicts --scale smoke --json`,
  )
  .action((options: VerdictsOptions) => {
    const { scale, audit = false, json = false } = options;
    const reports = reportClaims(scale, (name) => storedStudy(name, options));
    const paperAudit = audit ? auditPaper() : null;
    const changed = reports.filter(({ state }) => state === "rule changed").map(({ claim }) => claim.id);
    if (json) {
      const claims = reports.map(toJson);
      console.log(JSON.stringify({ scale, claims, changed, ...(paperAudit === null ? {} : { audit: paperAudit }) }));
    } else {
      const width = Math.min(process.stdout.columns || LARGEST_WIDTH, LARGEST_WIDTH);
      const tables = [claimTable(reports, width), ...(paperAudit === null ? [] : [paperAuditTable(paperAudit, width)])];
      console.log(tables.join("\n\n"));
    }
    if (changed.length === 0) return;
    console.error(`verdicts: the rules of ${changed.join(", ")} have changed since these verdicts were stored`);
    process.exitCode = 1;
  });

function storedStudy(name: string, { scale, seeds, out }: VerdictsOptions): StoredStudy | null {
  if (!Object.hasOwn(FINDINGS, name)) return null;
  const finding = FINDINGS[name];
  const folder = figureFolder(out, finding, { scale, seeds: seeds ?? defaultSeeds(finding, scale) });
  const words = [
    ...(scale === "micro" ? [] : [`--scale ${scale}`]),
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...(out === "." ? [] : [`--out ${out}`]),
  ];
  return { folder, command: ["labelfree reproduce", name, ...words].join(" ") };
}

function toJson({ claim, state, verdict, ruleHash, paperNumbers, figures, command }: ClaimReport): object {
  const { id, finding, statement, place } = claim;
  const rule = `${claim.rule.name} ${claim.rule.version}`;
  return { claim: id, finding, statement, place, state, rule, ruleHash, paperNumbers, figures, command, verdict };
}
