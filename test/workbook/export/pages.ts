// A notebook with everything that a page must show, and the site of it.

import { showFigure } from "../../../src/figures/show-figure.ts";
import { METHOD_LABELS, methodScale } from "../../../src/figures/theme.ts";
import { buildSite, type Site, type SiteNotebook, type SiteOptions } from "../../../src/workbook/export/build-site.ts";
import type { VerdictRow } from "../../../src/workbook/export/index-page.ts";
import { PROVENANCE_TYPE } from "../../../src/workbook/export/page-sources.ts";
import { type Notebook, type Output, toNotebook } from "../../../src/workbook/notebook.ts";

const CODE_HASH = "c0de".repeat(16);
const RULE_HASH = "5a1e".repeat(16);

export const VERDICTS: readonly VerdictRow[] = [
  ["claim-1", "Label-free training collapses on weak models", "reproduced"],
  ["claim-2", "Strong models gain from it <at once>", "same direction"],
  ["claim-3", "Responses grow longer", "not reproduced"],
  ["claim-4", "Harder data help", "inconclusive at this n"],
  ["claim-5", "The order of problems matters", "not run"],
].map(([claim, statement, verdict], index) => ({
  claim,
  statement,
  verdict,
  place: `Figure ${index + 1}`,
  finding: index === 0 ? "collapse" : "length",
  isOutdated: index === 2,
  scale: "micro",
  detail: "xs, TTRL against base: −12.4 [−15.0, −9.1], n 5",
}));

const SOURCES = {
  scale: "micro",
  runKeys: ["9f2c41d0".repeat(8)],
  codeHash: CODE_HASH,
  ruleHashes: { "claim-1": RULE_HASH },
};

const TEXT = `# Why weak models collapse

A model that is **seldom right** votes for its own mistakes. With accuracy $p$ and $N$ rollouts the majority is right
with probability

$$P_N(p) = \\sum_{k > N/2} \\binom{N}{k} p^k (1-p)^{N-k},$$

which falls with $N$ where $p < \\tfrac12$; see [the lesson](lessons/vote.ipynb#vote-by-hand) and [the web](https://example.org/a?b=1&c=2).

## What to look at

| tier | accuracy | votes |
|------|---------:|:-----:|
| xs   |     0.08 | wrong |
| l    |     0.71 | right |

- seeds are thin lines
  - and their mean is thick
- 한국어도 찾을 수 있습니다

\`\`\`ts
const votes: readonly string[] = ["40", "42", "42"]; // three rollouts
\`\`\`

> A claim is judged by a rule that was fixed before the runs.

### A detail

Press <kbd>Shift</kbd>+<kbd>Enter</kbd>; costs were $5 and $6.`;

export async function chartOutput(title = "Held-out accuracy by step"): Promise<Output> {
  const values = (["ttrl", "intuitor", "cuma"] as const).flatMap((method, offset) =>
    Array.from({ length: 11 }, (_, step) => ({
      step: step * 10,
      accuracy: (method === "ttrl" ? 0.42 - step * 0.032 : 0.4 + step * 0.02 * (offset + 0.4)) / 1.1,
      method: METHOD_LABELS[method],
    })),
  );
  const shown = await showFigure({
    title: { text: title, subtitle: ["Tier xs, mean of 5 seeds.", "Made up for a test."] },
    width: 560,
    height: 260,
    data: { values },
    mark: { type: "line", strokeWidth: 2 },
    encoding: {
      x: { field: "step", type: "quantitative" },
      y: { field: "accuracy", type: "quantitative", scale: { domain: [0, 1] } },
      color: { field: "method", type: "nominal", title: null, scale: methodScale(["ttrl", "intuitor", "cuma"]) },
    },
  });
  const bundle = (shown as unknown as Record<symbol, () => Record<string, unknown>>)[Symbol.for("Jupyter.display")]();
  return { output_type: "execute_result", data: { ...bundle }, metadata: {}, execution_count: 3 };
}

/** Cells of every kind, with a chart of its own. */
export async function everyCell(): Promise<Notebook> {
  const result = (data: Record<string, unknown>, count: number): Output => {
    return { output_type: "execute_result", data, metadata: {}, execution_count: count };
  };
  return notebookOf([
    TEXT,
    {
      source: 'let seeds = 5; // seeds 1 to this one\nconst name = `tier ${seeds > 1 ? "xs" : "s"}`;',
      tags: ["parameters"],
      outputs: [],
    },
    {
      source:
        'import { showFigure } from "labelfree";\nconst finding = findingNamed("collapse");\nconsole.log(/a[/]b/g.test(name));',
      outputs: [
        { output_type: "stream", name: "stdout", text: "10 % done\r100 % done\n\u001b[32mtrue\u001b[39m\n" },
        { output_type: "stream", name: "stderr", text: "2 of 5 runs come from the records\n" },
      ],
    },
    { source: "await showFigure(figures.accuracy)", outputs: [await chartOutput()] },
    {
      source: "table",
      outputs: [
        result(
          {
            "text/html":
              "<table><caption>Runs</caption><thead><tr><th scope=col>tier</th><th>accuracy</th></tr></thead>" +
              "<tbody><tr><th scope=row>xs</th><td>0.082</td></tr><tr><th scope=row>l</th><td>0.713</td></tr></tbody></table>",
            "text/plain": "tier accuracy",
          },
          4,
        ),
      ],
    },
    {
      source: "nothing.here",
      tags: ["raises-exception"],
      outputs: [
        {
          output_type: "error",
          ename: "ReferenceError",
          evalue: "nothing is not defined",
          traceback: ["\u001b[31mReferenceError\u001b[39m: nothing is not defined", "    at cell[5].ts:1:1"],
        },
      ],
    },
    "## Try it\n\nChange a line and run the cell.",
    { source: "const answer = majority(votes);", tags: ["solution"], outputs: [] },
    {
      source: "showProvenance(finding, study, verdicts)",
      outputs: [result({ [PROVENANCE_TYPE]: SOURCES, "text/plain": "made from" }, 7)],
    },
  ]);
}

interface GivenCell {
  readonly source: string;
  readonly tags?: readonly string[];
  readonly outputs: readonly Output[];
}

/** A notebook of Markdown, given as texts, and code. */
export function notebookOf(cells: readonly (string | GivenCell)[]): Notebook {
  const all = cells.map((cell, index) =>
    typeof cell === "string"
      ? { cell_type: "markdown", id: `c${index}`, metadata: {}, source: cell }
      : {
          cell_type: "code",
          id: `c${index}`,
          metadata: cell.tags === undefined ? {} : { tags: cell.tags },
          source: cell.source,
          execution_count: index,
          outputs: cell.outputs,
        },
  );
  const metadata = { language_info: { name: "typescript" } };
  return toNotebook({ nbformat: 4, nbformat_minor: 5, metadata, cells: all }, "test");
}

/** A site with verdicts; the code that is here now is `codeHash`. */
export function siteOf(notebooks: readonly SiteNotebook[], options: Partial<SiteOptions> = {}): Site {
  return buildSite(notebooks, {
    title: "labelfree report",
    verdicts: VERDICTS,
    present: { codeHash: CODE_HASH, ruleHashes: { "claim-1": RULE_HASH } },
    sourcesOfSvg: () => null,
    readImage: () => null,
    ...options,
  });
}

/** The text of one of the site's files. */
export function textOf({ files }: Site, path: string): string {
  const data = files.find((file) => file.path === path)?.data;
  if (data === undefined) throw new Error(`the site has no ${path}`);
  return typeof data === "string" ? data : new TextDecoder().decode(data);
}

/** The tour of a site of two notebooks, one of them in a folder below. */
export async function twoNotebooks(): Promise<SiteNotebook[]> {
  const lesson = notebookOf([
    "# Vote and mask\n\n## Vote by hand\n\nEight rollouts, one majority; back to [it](../collapse.ipynb).",
  ]);
  return [
    { path: "notebooks/collapse.ipynb", notebook: await everyCell() },
    { path: "notebooks/lessons/vote.ipynb", notebook: lesson },
  ];
}
