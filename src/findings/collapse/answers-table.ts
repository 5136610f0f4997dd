import { METHOD_NAMES } from "../method-names.ts";
import { inPoints } from "../points.ts";
import { textTable, wrapWords } from "../text-table.ts";
import type { CellAnswers } from "./answers.ts";
import { rightAnswerShares } from "./right-answers.ts";
import { COMPARED_METHODS } from "./sweep.ts";

const COLUMNS = [
  { title: "tier" },
  { title: "policy" },
  { title: "first, %", align: "right" },
  { title: "first four, %", align: "right" },
  { title: "none, %", align: "right" },
  { title: "n", align: "right" },
  { title: "the first answer (seeds)", least: 20 },
] as const;

/** So many answers are named where seeds differ. */
const NAMED = 3;

/** What policies say before and after training, as text of this width. */
export function answersTable(cells: readonly CellAnswers[], tiers: readonly string[], width: number): string {
  const rows = tiers.flatMap((tier) =>
    (["base", ...COMPARED_METHODS] as const).flatMap((method) => {
      const cell = cells.find((each) => each.tier === tier && each.method === method);
      if (cell === undefined) return [];
      const { shares, empty, leaders, n } = cell;
      const named = leaders.slice(0, NAMED).map(({ answer, seeds }) => `${answer ?? "none"}\u00a0(${seeds})`);
      const others = leaders.length - named.length;
      const said = [...named, ...(others === 0 ? [] : [`${others}\u00a0more`])].join(", ");
      const name = method === "base" ? "base" : METHOD_NAMES[method];
      return [[tier, name, inPoints(shares[0]), inPoints(sum(shares)), inPoints(empty), String(n), said]];
    }),
  );
  const right = rightAnswerShares();
  const heading =
    "What policies say on held-out problems, before (base) and after training: mean shares of the most frequent answer, " +
    "of the four most frequent ones together, and of responses without an answer; which answer is the most frequent, in " +
    `how many of n seeds. Of the right answers, the first has ${inPoints(right[0])} % and the first four ` +
    `${inPoints(sum(right))} %.`;
  if (rows.length === 0)
    return wrapWords("Which answers policies give was not recorded in these runs.", width).join("\n");
  return [...wrapWords(heading, width), "", textTable(COLUMNS, rows, width)].join("\n");
}

function sum(shares: readonly number[]): number {
  return shares.reduce((total, share) => total + share, 0);
}
