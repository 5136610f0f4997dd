import { METHOD_NAMES } from "../method-names.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { RunSamples, SampleRow } from "./samples.ts";

const COLUMNS = [
  { title: "level", align: "right" },
  { title: "problem" },
  { title: "answer" },
  { title: "before training" },
  { title: "" },
  { title: "after training" },
  { title: "" },
] as const;

/** The columns apart from problem and responses, and the gaps between all. */
const OTHER_WIDTH = 33;
const NARROWEST = 15;

const HEADING =
  "Samples: the first held-out problem of each level, and the response of one run to it before and after training, each " +
  "marked as right, as wrong, or as none where it gives no answer.";

/** Samples of some runs, each a table of problems with what was said before and after, as text of this width. */
export function samplesText(runs: readonly RunSamples[], width: number): string {
  if (runs.every(({ rows }) => rows.length === 0)) return "Samples were not recorded in these runs.";
  const tables = runs.map(({ tier, method, seed, rows }) => {
    const title = `${METHOD_NAMES[method]} on ${tier}, seed ${seed}`;
    return rows.length === 0 ? `${title}: no samples at both ends` : `${title}\n${sampleTable(rows, width)}`;
  });
  return [wrapWords(HEADING, width).join("\n"), ...tables].join("\n\n");
}

function sampleTable(rows: readonly SampleRow[], width: number): string {
  const promptWidth = Math.max(...rows.map(({ prompt }) => prompt.length));
  const responseWidth = Math.max(NARROWEST, Math.floor((width - OTHER_WIDTH - promptWidth) / 2));
  return textTable(
    COLUMNS,
    rows.flatMap((row) => sampleLines(row, responseWidth)),
    width,
  );
}

function sampleLines({ level, prompt, right, before, after }: SampleRow, responseWidth: number): string[][] {
  const [first, second] = [inLines(before.response, responseWidth), inLines(after.response, responseWidth)];
  return Array.from({ length: Math.max(first.length, second.length) }, (_, line) => {
    const isFirst = line === 0;
    const about = isFirst ? [String(level), prompt, right ?? "?"] : ["", "", ""];
    const marks = isFirst ? [markOf(before), markOf(after)] : ["", ""];
    return [...about, first[line] ?? "", marks[0], second[line] ?? "", marks[1]];
  });
}

function markOf({ answer, correct }: SampleRow["before"]): string {
  if (correct) return "right";
  return answer === null ? "none" : "wrong";
}

/** A response in lines of at most this width, broken between its steps where it can be. */
function inLines(response: string, width: number): string[] {
  if (response.trim() === "") return ["(empty)"];
  const lines: string[] = [];
  for (const step of response.match(/[^;#]*[;#]?/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + step.length <= width) lines[lines.length - 1] = last + step;
    else for (let start = 0; start < step.length; start += width) lines.push(step.slice(start, start + width));
  }
  return lines;
}
