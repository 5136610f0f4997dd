// The files that the pages share: our style and scripts, vega and vega-lite as their packages ship them, and KaTeX's style
// with its fonts within it, for browsers differ in whether a page opened as a file may load a font.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface SiteFile {
  /** Below the site's folder, with forward slashes. */
  readonly path: string;
  readonly data: string | Uint8Array;
}

const CLIENT = fileURLToPath(new URL("../../../src/workbook/export/client/", import.meta.url));
const OWN = ["site.css", "theme.js", "search.js", "charts.js"];
const require = createRequire(import.meta.url);

/** The shared files. */
export function siteAssets(): SiteFile[] {
  return [
    ...OWN.map((name) => asset(name, readFileSync(join(CLIENT, name)))),
    asset("vega.min.js", readFileSync(besideEntry("vega", "vega.min.js"))),
    asset("vega-lite.min.js", readFileSync(besideEntry("vega-lite", "vega-lite.min.js"))),
    asset("katex.css", katexStyle()),
    asset("licenses.txt", licenses()),
  ];
}

function asset(name: string, data: string | Uint8Array): SiteFile {
  return { path: `assets/${name}`, data };
}

/** A file beside a package's entry, for these packages name no other files. */
function besideEntry(name: string, file: string): string {
  return join(dirname(require.resolve(name)), file);
}

/** What the packages ask to be kept with their files. */
function licenses(): string {
  const texts = ["vega", "vega-lite", "katex"].map((name) => {
    return `${name}\n\n${readFileSync(besideEntry(name, "../LICENSE"), "utf8").trim()}\n`;
  });
  return texts.join("\n\n");
}

function katexStyle(): string {
  const path = require.resolve("katex/dist/katex.min.css");
  const style = readFileSync(path, "utf8");
  return style.replaceAll(/src:url\((fonts\/[\w-]+\.woff2)\) format\("woff2"\)[^;}]*/g, (_, font: string) => {
    const data = readFileSync(join(dirname(path), font)).toString("base64");
    return `src:url(data:font/woff2;base64,${data}) format("woff2")`;
  });
}
