// The only place of the kernel that runs vega; imported when the first chart is drawn. The same spec gives the same
// bytes: widths of text come from a table instead of the machine's fonts, ids start anew and random numbers are seeded.
// Those settings are global to vega, which the notebook may use too, so they are put back after each chart and charts
// are drawn one after another.

import * as vega from "vega";
import type { TopLevelSpec } from "vega-lite";
import { compile } from "vega-lite";
import { estimateTextWidth } from "./text-width.ts";

export interface ChartSvg {
  readonly svg: string;
  /** What vega complained about while it drew all the same. */
  readonly warnings: readonly string[];
}

let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a Vega-Lite spec.
 * @throws what vega or vega-lite throw for a spec that they cannot draw, or for data that do not load.
 */
export function chartSvg(spec: object): Promise<ChartSvg> {
  const drawn = queue.then(() => draw(spec));
  queue = drawn.catch(() => undefined);
  return drawn;
}

async function draw(spec: object): Promise<ChartSvg> {
  const complaints: Complaints = { errors: [], warnings: [] };
  const logger = collectingLogger(complaints);
  const restore = fixGlobals();
  let view: vega.View | undefined;
  try {
    const compiled = compile(spec as TopLevelSpec, { logger }).spec;
    view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
    await view.runAsync();
    const svg = await view.toSVG();
    if (complaints.errors.length > 0) throw new Error(complaints.errors.join("; "));
    return { svg, warnings: complaints.warnings };
  } finally {
    view?.finalize();
    restore();
  }
}

/** Exported by vega, absent from its type declarations. */
interface VegaGlobals {
  readonly random: () => number;
  readonly textMetrics: {
    width: (item: { readonly fontSize?: number }, text: string | number | null | undefined) => number;
  };
  setRandom(random: () => number): void;
  randomLCG(seed: number): () => number;
}

function fixGlobals(): () => void {
  const { textMetrics, random, setRandom, randomLCG } = vega as unknown as VegaGlobals;
  const { width } = textMetrics;
  textMetrics.width = (item, text) => estimateTextWidth(`${text ?? ""}`.trim(), item.fontSize ?? 11);
  setRandom(randomLCG(1));
  vega.resetSVGDefIds();
  return () => {
    textMetrics.width = width;
    setRandom(random);
  };
}

interface Complaints {
  readonly errors: string[];
  readonly warnings: string[];
}

function collectingLogger({ errors, warnings }: Complaints): vega.LoggerInterface {
  const text = (parts: readonly unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" ");
  const logger = {
    level: () => logger,
    error: (...parts: readonly unknown[]) => (errors.push(text(parts)), logger),
    warn: (...parts: readonly unknown[]) => {
      const isFailedLoad = parts[0] === "Loading failed";
      (isFailedLoad ? errors : warnings).push(text(parts));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger as unknown as vega.LoggerInterface;
}
