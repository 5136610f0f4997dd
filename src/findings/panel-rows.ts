// What figures with an arm to a row share: panels side by side whose rows are named once, to the left of the first, and a
// column of the paper's printed numbers to the right of the last.
import { SIZES } from "../figures/theme.ts";
import type { Panel } from "./figure-parts.ts";
import { NOMINAL } from "./figure-parts.ts";

export const SEED_OFFSET_PX = -4;
export const MEAN_OFFSET_PX = 4;

/** Between what keeps two rows of one name apart and the name. */
export const ROW_SEPARATOR = "|";

/** The rows as a y channel; names to the left of the first panel only, those in `bold` in bold. */
export function rowChannel(labels: readonly string[], isFirst: boolean, bold: readonly string[]) {
  const isBold = bold.map((label) => `datum.value === ${JSON.stringify(label)}`).join(" || ") || "false";
  return {
    field: "label",
    type: NOMINAL,
    sort: null,
    title: null,
    scale: { domain: [...labels] },
    axis: {
      labels: isFirst,
      labelExpr: `slice(datum.label, indexof(datum.label, "${ROW_SEPARATOR}") + 1)`,
      grid: true,
      labelPadding: 8,
      labelFontWeight: { condition: { test: isBold, value: "bold" as const }, value: "normal" as const },
    },
  };
}

/** Printed numbers in their rows, under a title; no panel where there are none. */
export function printedColumn(
  labels: readonly string[],
  printed: readonly { readonly label: string; readonly text: string }[],
  title: readonly string[],
  heightPx: number,
): Panel[] {
  if (printed.length === 0) return [];
  return [
    {
      width: 74,
      height: heightPx,
      title: { text: [...title], fontSize: SIZES.label, fontWeight: "normal", offset: 8 },
      data: { values: [...printed] },
      mark: { type: "text", align: "left", baseline: "middle", fontSize: SIZES.label },
      encoding: {
        x: { value: 4 },
        y: { ...rowChannel(labels, false, []), axis: null },
        text: { field: "text" },
      },
    },
  ];
}
