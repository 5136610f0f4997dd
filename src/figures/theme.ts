// One look for every figure: one font, one scale of sizes, one colour per method. The colours were chosen by measure:
// test/figures/theme.test.ts holds them apart for full colour vision and three kinds of colour blindness, and legible as
// text on white.

import type { Config } from "vega-lite";

export type ShownMethod =
  | "base"
  | "grpo"
  | "ttrl"
  | "intuitor"
  | "cuma"
  | "random"
  | "format"
  | "wrong"
  | "empo"
  | "rent"
  | "mixed"
  | "soft";

/** DejaVu Sans, and where it is missing Verdana, which shares its ancestor's widths. */
const FONT = "DejaVu Sans, Verdana, sans-serif";

/** Font sizes in px. */
export const SIZES = { title: 15, subtitle: 11, panel: 12, axis: 11, tick: 10, label: 11 } as const;

const INK = { text: "#1f2933", muted: "#52606d", faint: "#cbd2d9", grid: "#e9edf1" } as const;

export const METHOD_COLORS: Readonly<Record<ShownMethod, string>> = {
  base: "#70767c",
  grpo: "#1d74d8",
  ttrl: "#c24a08",
  intuitor: "#6b1680",
  cuma: "#0a6b47",
  random: "#b88a00",
  format: "#22262b",
  wrong: "#ea0176",
  empo: "#741500",
  rent: "#9560a5",
  mixed: "#4905a4",
  soft: "#8544ff",
};

export const METHOD_LABELS: Readonly<Record<ShownMethod, string>> = {
  base: "base",
  grpo: "GRPO (labels)",
  ttrl: "TTRL",
  intuitor: "Intuitor",
  cuma: "CuMa",
  random: "random reward",
  format: "format reward",
  wrong: "wrong reward",
  empo: "EMPO",
  rent: "RENT",
  mixed: "votes and certainty",
  soft: "soft votes",
};

/** Tiers of the micro world from weakest to strongest. */
export const TIER_ORDER = ["xs", "s", "m", "l"] as const;

/** A Vega-Lite colour scale by label: the named methods in the theme's colours, whatever the data hold. */
export function methodScale(methods: readonly ShownMethod[]): { domain: string[]; range: string[] } {
  return {
    domain: methods.map((method) => METHOD_LABELS[method]),
    range: methods.map((method) => METHOD_COLORS[method]),
  };
}

/** Vega-Lite configuration that `renderSvg` gives to every figure. */
export const THEME: Config = {
  background: "white",
  font: FONT,
  padding: 14,
  view: { stroke: null, continuousWidth: 300, continuousHeight: 180 },
  title: {
    anchor: "start",
    frame: "group",
    color: INK.text,
    fontSize: SIZES.title,
    fontWeight: "bold",
    subtitleColor: INK.muted,
    subtitleFontSize: SIZES.subtitle,
    subtitleLineHeight: 16,
    subtitlePadding: 7,
    offset: 14,
  },
  axis: {
    domainColor: INK.faint,
    tickColor: INK.faint,
    gridColor: INK.grid,
    labelColor: INK.muted,
    labelFontSize: SIZES.tick,
    labelLimit: 0,
    labelPadding: 4,
    tickSize: 4,
    titleColor: INK.text,
    titleFontSize: SIZES.axis,
    titleFontWeight: "normal",
    titleLimit: 0,
    titlePadding: 8,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  header: {
    labelAnchor: "start",
    labelColor: INK.text,
    labelFontSize: SIZES.panel,
    labelFontWeight: "bold",
    labelLimit: 0,
    labelPadding: 6,
    titleColor: INK.text,
    titleFontSize: SIZES.panel,
    titleFontWeight: "normal",
  },
  legend: {
    labelColor: INK.text,
    labelFontSize: SIZES.label,
    labelLimit: 0,
    titleColor: INK.muted,
    titleFontSize: SIZES.label,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2.5,
  },
  line: { strokeCap: "round", strokeJoin: "round" },
  range: { category: Object.values(METHOD_COLORS) },
};
