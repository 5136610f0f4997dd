import { SIZES } from "../../figures/theme.ts";
import type { Axis, Panel } from "../figure-parts.ts";
import { QUANTITATIVE } from "../figure-parts.ts";
import type { SeedMean } from "../seed-means.ts";
import { ARM_CHANNELS, placed } from "./arm-channels.ts";
import type { ArmName } from "./problem-sets.ts";

export interface LevelPanel {
  readonly title: string;
  readonly yTitle: string | null;
  readonly axis: Axis;
  readonly size: { readonly width: number; readonly height: number };
  readonly hasXTitle: boolean;
}

/** Means by level asked with their intervals, a line per arm. */
export function levelPanel(
  means: readonly (SeedMean & { readonly arm: ArmName; readonly level: number })[],
  { title, yTitle, axis, size, hasXTitle }: LevelPanel,
): Panel {
  const values = placed(means);
  const measured = values.filter(({ low }) => low !== null);
  const x = {
    field: "place",
    type: QUANTITATIVE,
    title: hasXTitle ? "level asked" : null,
    scale: { domain: [0.6, 5.4], nice: false },
    axis: { values: [1, 2, 3, 4, 5], format: "d" },
  };
  const y = {
    type: QUANTITATIVE,
    title: yTitle,
    scale: { domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks] },
  };
  const { color, shape } = ARM_CHANNELS;
  const bars = {
    data: { values: measured },
    mark: { type: "rule" as const, strokeWidth: 1.4, opacity: 0.7 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  const lines = {
    data: { values },
    mark: { type: "line" as const, strokeWidth: 1, opacity: 0.5 },
    encoding: { x, y: { ...y, field: "mean" }, color },
  };
  const points = {
    data: { values },
    mark: { type: "point" as const, filled: true, size: 38, opacity: 1 },
    encoding: { x, y: { ...y, field: "mean" }, color, shape },
  };
  return {
    ...size,
    title: { text: title, fontSize: SIZES.panel, offset: 8 },
    layer: [...(measured.length === 0 ? [] : [bars]), lines, points],
  };
}
