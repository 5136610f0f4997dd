// What a cell finds without importing it, as declarations for the language service. The functions themselves are put
// in place by the evaluator; those of the display room are declared by their own types.

import { fileURLToPath } from "node:url";

/** Text of a declaration file of the kernel's globals. */
export function globalsText(): string {
  const display = moduleType("../display/index");
  const shown = Object.entries(DISPLAY_GLOBALS).map(
    ([name, about]) => `/** ${about} */\ndeclare const ${name}: typeof ${display}.${name};`,
  );
  const comms = `/** The comms of this kernel. */\ndeclare const comms: ${moduleType("../evaluation/child/comms")}.Comms;`;
  return [...shown, comms, INPUT_GLOBALS].join("\n");
}

/** Type import of a module of this room's neighbours: its source, or its declarations beside the build. */
function moduleType(path: string): string {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return `import(${JSON.stringify(fileURLToPath(new URL(path + extension, import.meta.url)))})`;
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

const INPUT_GLOBALS = `
/** Asks the reader for a line of text and waits for it; null where the notebook cannot ask. */
declare function prompt(message?: string, defaultValue?: string): string | null;
/** Asks the reader a question and waits for yes or no. */
declare function confirm(message?: string): boolean;
/** Asks the reader for a line of text, hidden while it is typed with \`password\`. */
declare function input(message?: string, options?: { readonly password?: boolean }): Promise<string>;
`;
