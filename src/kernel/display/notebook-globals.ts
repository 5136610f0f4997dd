import { vegaLite } from "./chart.ts";
import { clearOutput, display, updateDisplay } from "./display.ts";
import { html, json, latex, markdown, png, svg } from "./displayable.ts";
import { progress } from "./progress.ts";

/** What every cell finds without importing it. */
export const NOTEBOOK_GLOBALS = {
  display,
  updateDisplay,
  clearOutput,
  html,
  markdown,
  latex,
  svg,
  png,
  json,
  vegaLite,
  progress,
} as const;
