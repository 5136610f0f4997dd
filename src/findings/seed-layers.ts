import { METHOD_COLORS } from "../figures/theme.ts";
import type { Panel } from "./figure-parts.ts";

type Layers = Extract<Panel, { layer: unknown }>["layer"];

interface Channels<X, Y, Color> {
  readonly x: X;
  readonly y: Y;
  readonly color: Color;
}

interface SeedRows {
  /** Accuracy of the base. */
  readonly base: number;
  /** One row a run, with its `final`. */
  readonly seeds: readonly object[];
  /** With `mean`, and `low` and `high`, null for one seed. */
  readonly means: readonly { readonly low: number | null }[];
}

interface MarkSizes {
  readonly seed: number;
  readonly seedOpacity: number;
  readonly line: number;
  readonly mean: number;
}

/** Final accuracies along x: the base as a dashed line, a point per seed, the means as a line with their intervals. */
export function seedLayers<X extends object, Y extends object, Color extends object>(
  { x, y, color }: Channels<X, Y, Color>,
  { base, seeds, means }: SeedRows,
  sizes: MarkSizes,
): Layers {
  const bars = {
    data: { values: means },
    mark: { type: "rule" as const, strokeWidth: 1.6 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  return [
    {
      data: { values: [{ base }] },
      mark: { type: "rule", strokeDash: [5, 4], color: METHOD_COLORS.base, strokeWidth: 1.25 },
      encoding: { y: { ...y, field: "base" } },
    },
    {
      data: { values: seeds },
      mark: { type: "point", filled: true, size: sizes.seed, opacity: sizes.seedOpacity },
      encoding: { x, y: { ...y, field: "final" }, color },
    },
    {
      data: { values: means },
      mark: { type: "line", strokeWidth: sizes.line },
      encoding: { x, y: { ...y, field: "mean" }, color },
    },
    ...(means.some(({ low }) => low !== null) ? [bars] : []),
    {
      data: { values: means },
      mark: { type: "point", filled: true, size: sizes.mean, opacity: 1 },
      encoding: { x, y: { ...y, field: "mean" }, color },
    },
  ] as Layers;
}
