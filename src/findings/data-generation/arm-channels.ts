import { NOMINAL } from "../figure-parts.ts";
import { SIZES } from "../../figures/theme.ts";
import { ARM_LABELS } from "./arm-labels.ts";
import { ARMS, type ArmName } from "./problem-sets.ts";

const STYLES: Readonly<Record<ArmName, { readonly color: string; readonly shape: string; readonly offset: number }>> = {
  rule: { color: "#70767c", shape: "diamond", offset: -0.16 },
  refreshed: { color: "#1d74d8", shape: "circle", offset: 0 },
  fixed: { color: "#c24a08", shape: "square", offset: 0.16 },
};

const domain = ARMS.map((arm) => ARM_LABELS[arm]);
const legend = { title: null, orient: "bottom" as const, labelFontSize: SIZES.label };

/** Colour and shape of an arm, in one legend. */
export const ARM_CHANNELS = {
  color: { field: "label", type: NOMINAL, scale: { domain, range: ARMS.map((arm) => STYLES[arm].color) }, legend },
  shape: { field: "label", type: NOMINAL, scale: { domain, range: ARMS.map((arm) => STYLES[arm].shape) }, legend },
};

/** Rows with their arm's name, and a place beside their level, so that intervals do not lie on each other. */
export function placed<Row extends { readonly arm: ArmName; readonly level: number }>(
  rows: readonly Row[],
): (Row & { label: string; place: number })[] {
  return rows.map((row) => ({ ...row, label: ARM_LABELS[row.arm], place: row.level + STYLES[row.arm].offset }));
}
