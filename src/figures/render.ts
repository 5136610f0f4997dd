// The only place that runs vega. The same spec gives the same bytes on every machine: text is measured by a committed
// table, ids start anew for each figure, nothing is loaded, and the PNG is drawn with the font files of our dependency.
// Whatever vega would only warn about is an error here.

import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import type { TopLevelSpec } from "vega-lite";
import { compile } from "vega-lite";
import { LabelfreeError } from "../core/errors.ts";
import { checkScene } from "./check-scene.ts";
import { checkSpec } from "./check-spec.ts";
import { FONT_FILES } from "./font-files.ts";
import type { Provenance } from "./provenance.ts";
import { addToPng, addToSvg, readProvenance } from "./provenance.ts";
import { installTextMetrics } from "./text-metrics.ts";
import { THEME } from "./theme.ts";

/**
 * SVG text of a Vega-Lite spec in the theme, with its provenance inside where one is given.
 * @throws LabelfreeError `figure/...` for a spec that would not draw what it says, or not the same everywhere.
 */
export async function renderSvg(
  spec: TopLevelSpec,
  options: { readonly provenance?: Provenance } = {},
): Promise<string> {
  checkSpec(spec);
  installTextMetrics();
  vega.resetSVGDefIds();
  const complaints: string[] = [];
  const logger = collectingLogger(complaints);
  const compiled = compileInTheme(spec, logger);
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger, loader: refusingLoader() });
  try {
    await view.runAsync();
    refuseComplaints(complaints);
    checkScene(view);
    const svg = await view.toSVG();
    refuseComplaints(complaints);
    return options.provenance === undefined ? svg : addToSvg(svg, options.provenance);
  } finally {
    view.finalize();
  }
}

/** PNG bytes of an SVG at twice its size, with the SVG's provenance. */
export function renderPng(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: [...FONT_FILES], defaultFontFamily: "DejaVu Sans" },
    fitTo: { mode: "zoom", value: 2 },
  });
  const png = new Uint8Array(image.render().asPng());
  const provenance = readProvenance(new TextEncoder().encode(svg));
  return provenance === null ? png : addToPng(png, provenance);
}

function compileInTheme(spec: TopLevelSpec, logger: vega.LoggerInterface): vega.Spec {
  try {
    return compile(spec, { config: THEME, logger }).spec;
  } catch (cause) {
    const message = `figure spec: vega-lite cannot compile it, ${cause instanceof Error ? cause.message : cause}`;
    throw new LabelfreeError("figure/not-compiled", message, { cause });
  }
}

function refuseComplaints(complaints: readonly string[]): void {
  if (complaints.length === 0) return;
  throw new LabelfreeError("figure/vega-complained", `figure: vega says ${complaints.join("; ")}`, {
    fields: { complaints },
  });
}

function collectingLogger(complaints: string[]): vega.LoggerInterface {
  const collect = (...parts: readonly unknown[]): void => {
    complaints.push(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
  };
  const logger = {
    level: () => logger,
    error: (...parts: readonly unknown[]) => (collect(...parts), logger),
    warn: (...parts: readonly unknown[]) => (collect(...parts), logger),
    info: () => logger,
    debug: () => logger,
  };
  return logger as unknown as vega.LoggerInterface;
}

function refusingLoader(): vega.Loader {
  const refuse = (uri: string): Promise<never> =>
    Promise.reject(new LabelfreeError("figure/no-data", `figure data: got the address ${uri}, expected inline values`));
  return { ...vega.loader(), load: refuse, http: refuse, file: refuse };
}
