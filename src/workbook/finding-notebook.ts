// The first version of a finding's notebook: question, what the paper says, one run, figures, verdict, something to try,
// and last the verdict table with its provenance. What a machine knows is computed by its cells and never typed here.

import type { Cell, CodeCell, Notebook } from "./notebook.ts";

export interface FindingFacts {
  readonly name: string;
  /** One line, lower case. */
  readonly title: string;
  /** Seeds of its micro study. */
  readonly seeds: number;
  /** False where its study is made of other data than runs: there is none to show or to try. */
  readonly hasRuns: boolean;
  /** Names of its figures; null where they are not known before it runs. */
  readonly figures: readonly string[] | null;
  /** Folder of new runs, as seen from the notebook. */
  readonly runsFolder: string;
  /** Jupyter's language_info of the kernel. */
  readonly languageInfo: unknown;
}

const OPEN_STUDY = "const study = await openStudy(finding, { scale, seeds, fresh, root: runsFolder });";

/** A notebook without outputs for a finding; its cells have the same ids each time. */
export function findingNotebook(facts: FindingFacts): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: "TypeScript (labelfree)", language: "typescript", name: "labelfree" },
      language_info: facts.languageInfo,
    },
    cells: [
      ...opening(facts),
      ...(facts.hasRuns ? oneRun() : [code("study", OPEN_STUDY)]),
      ...evidence(facts),
      ...verdict(),
      ...(facts.hasRuns ? tryIt() : []),
      ...last(),
    ],
  };
}

function opening({ name, title, seeds, runsFolder }: FindingFacts): Cell[] {
  return [
    text(
      "question",
      `# ${title.charAt(0).toUpperCase()}${title.slice(1)}

**Question.** When small models are trained here, do they show what the paper says, and how clearly?

The models are tiny transformers on synthetic arithmetic (micro scale). They can show a mechanism; their numbers are not
the paper's numbers and are never compared as such.`,
    ),
    {
      ...code(
        "parameters",
        `let scale: "smoke" | "micro" = "micro"; // smoke takes seconds and means nothing
let seeds = ${seeds}; // seeds 1 to this one
let fresh = false; // true: train every run here, instead of reading the records
let runsFolder = ${JSON.stringify(runsFolder)}; // of runs that are trained here`,
      ),
      metadata: { tags: ["parameters"] },
    },
    text("paper", "## What the paper says\n\nEach claim is judged by a rule that was fixed before our runs."),
    code(
      "claims",
      `import { findingNamed, openStudy, showClaims, showFigure, showProvenance, showRun, showVerdicts, trainRun } from "labelfree";

const finding = findingNamed(${JSON.stringify(name)});
showClaims(finding)`,
    ),
  ];
}

function oneRun(): Cell[] {
  return [
    text(
      "one-run",
      "## One run\n\nThe first run of the study: how good the policy becomes, and how right its own majority is.",
    ),
    code("study", `${OPEN_STUDY}\nawait showRun(study.runs[0])`),
  ];
}

function evidence({ figures }: FindingFacts): Cell[] {
  const drawn =
    figures === null
      ? [code("figures", "for (const spec of Object.values(figures)) display(await showFigure(spec));")]
      : figures.map((figure) =>
          code(`figure-${figure}`.slice(0, 64), `await showFigure(figures[${JSON.stringify(figure)}])`),
        );
  return [
    text("evidence", "## The figures\n\nAll runs together, and our numbers beside the paper's."),
    code(
      "numbers",
      `const analysis = finding.analyse(study);
const figures = finding.figures(analysis, study);
console.log(finding.numbers(analysis, study, 100));`,
    ),
    ...drawn,
  ];
}

function verdict(): Cell[] {
  return [
    text("verdict", "## Verdict\n\nComputed from the runs by the rule, never typed."),
    code(
      "verdicts",
      `const verdicts = finding.verdicts(analysis, study);
for (const { claim, verdict, statement } of verdicts) console.log(\`\${claim}: \${verdict}\\n  \${statement}\`);`,
    ),
  ];
}

function tryIt(): Cell[] {
  return [
    text(
      "try-it",
      `## Try it

Change a line and run the cell: it trains for real, in seconds, and the same settings give the same bits on any machine.`,
    ),
    code(
      "try",
      `const [first] = finding.sweep({ scale: "smoke", seeds: 1 });
const mine = await trainRun({ ...first, seed: 7 }, { root: runsFolder });
await showRun(mine)`,
    ),
  ];
}

function last(): Cell[] {
  return [
    text("last", "## Verdict table and provenance"),
    code("verdict-table", "showVerdicts(verdicts)"),
    code("provenance", "showProvenance(finding, study, verdicts)"),
  ];
}

function text(id: string, source: string): Cell {
  return { cell_type: "markdown", id, metadata: {}, source };
}

function code(id: string, source: string): CodeCell {
  return { cell_type: "code", id, metadata: {}, source, execution_count: null, outputs: [] };
}
