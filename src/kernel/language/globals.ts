// What a cell finds without importing it, as declarations for the language service. The functions themselves are put
// in place by the evaluator; those of the display room are declared by their own types.

import { fileURLToPath } from "node:url";

const DISPLAY = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../display/index.ts" : "../display/index.js", import.meta.url),
);

/** Text of a declaration file of the kernel's globals. */
export function globalsText(displayModule = DISPLAY): string {
  const shown = Object.entries(DISPLAY_GLOBALS).map(
    ([name, about]) =>
      `/** ${about} */\ndeclare const ${name}: typeof import(${JSON.stringify(displayModule)}).${name};`,
  );
  return [...shown, OTHER_GLOBALS].join("\n");
}

/** Names from the display room that are globals of every cell. */
export const DISPLAY_GLOBALS = {
  display: "Shows a value in the output of the cell that runs.",
  updateDisplay: "Replaces what is shown under a display id.",
  clearOutput: "Empties the cell's output, at once or, with `wait`, when the next output comes.",
  html: "HTML, from a string as it is or from a template whose values are escaped.",
  markdown: "Markdown, from a string or a template.",
  latex: "LaTeX, from a string or a raw template.",
  svg: "A drawing in SVG.",
  png: "A picture in PNG, from its bytes.",
  json: "A value that the notebook shows as a tree.",
  vegaLite: "A Vega-Lite spec as a chart.",
  progress: "A progress bar of `total` steps, or around the items that are iterated over.",
} as const;

const OTHER_GLOBALS = `
/** Asks the reader for a line of text and waits for it; null where the notebook cannot ask. */
declare function prompt(message?: string, defaultValue?: string): string | null;
/** Asks the reader for a line of text, hidden while it is typed with \`password\`. */
declare function input(message?: string, options?: { readonly password?: boolean }): Promise<string>;
`;
