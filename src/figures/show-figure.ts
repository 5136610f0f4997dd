import type { TopLevelSpec } from "vega-lite";
import { Shown } from "../core/shown.ts";
import { renderSvg } from "./render.ts";
import { THEME } from "./theme.ts";

// JupyterLab registers Vega-Lite up to version 5
const VEGA_LITE = {
  type: "application/vnd.vegalite.v5+json",
  schema: "https://vega.github.io/schema/vega-lite/v5.json",
};

/**
 * A figure for a notebook, three ways at once: its spec with data and theme, its SVG, and a line of text.
 * @throws LabelfreeError `figure/...` as `renderSvg` does.
 */
export async function showFigure(spec: TopLevelSpec): Promise<Shown> {
  const svg = await renderSvg(spec);
  return new Shown({
    [VEGA_LITE.type]: { ...spec, $schema: VEGA_LITE.schema, config: THEME },
    "image/svg+xml": svg,
    "text/plain": `Figure: ${titleText(spec)}`,
  });
}

function titleText({ title }: TopLevelSpec): string {
  const text: unknown = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  const lines = Array.isArray(text) ? text : [text];
  return lines.filter((line) => typeof line === "string").join(" ") || "without a title";
}
