// What the main table's figures share: a row of panels per tier, in it a row per method, both named once at the left.
import type { ShownMethod } from "../../figures/theme.ts";
import { METHOD_LABELS, SIZES } from "../../figures/theme.ts";
import { NOMINAL } from "../figure-parts.ts";

export const SEED_OFFSET_PX = -4;
export const MEAN_OFFSET_PX = 4;

const METHOD_NAMES_PX = 100;

/** The methods as a y channel; their names and the tier's only where the panel is the first of its row. */
export function methodRows(methods: readonly ShownMethod[], tier: string, panelHeightPx: number, isLeft: boolean) {
  return {
    field: "label",
    type: NOMINAL,
    sort: null,
    title: isLeft ? `tier ${tier}` : null,
    scale: { domain: methods.map((method) => METHOD_LABELS[method]) },
    axis: {
      labels: isLeft,
      grid: true,
      labelPadding: 8,
      titleAngle: 0,
      titleAlign: "right" as const,
      titleBaseline: "middle" as const,
      titleX: -METHOD_NAMES_PX,
      titleY: panelHeightPx / 2,
      titleFontSize: SIZES.panel,
      titleFontWeight: "bold" as const,
    },
  };
}
