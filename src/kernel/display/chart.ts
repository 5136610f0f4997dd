// Vega-Lite specs as three MIME types at once: the spec for notebooks that draw it themselves, an SVG for those that do
// not (and for export), and a line of text. JupyterLab registers Vega-Lite up to version 5, so the spec travels as such.
// A chart that does not draw what it says gives its error instead: vega itself would show an empty frame.

import type { DisplayBundle } from "./bundle.ts";
import { textBundle, thrownText } from "./bundle.ts";
import type { Displayable } from "./displayable.ts";
import { JUPYTER_DISPLAY } from "./displayable.ts";
import { hasMethods, isReadable, readMember } from "./read-member.ts";

const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";
const VEGA_LITE_5_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";

type Json = Readonly<Record<string, unknown>>;

/** A Vega-Lite spec as a chart, whether or not it names its $schema. */
export function vegaLite(spec: object): Displayable {
  return new Chart(spec);
}

class Chart implements Displayable {
  readonly #spec: object;

  constructor(spec: object) {
    this.#spec = spec;
  }

  async [JUPYTER_DISPLAY](): Promise<DisplayBundle["data"]> {
    const { data, pending } = chartBundle(this.#spec);
    return pending === undefined ? data : (await pending).data;
  }

  static specOf(value: object): object | undefined {
    return #spec in value ? value.#spec : undefined;
  }
}

/** The spec to draw where the value is a chart, else undefined. */
export function asChart(value: unknown): object | undefined {
  if (!isReadable(value)) return undefined;
  const spec = Chart.specOf(value);
  if (spec !== undefined) return spec;
  const schema = readMember(value, "$schema");
  return typeof schema === "string" && /\/vega-lite\/v\d/.test(schema) ? value : undefined;
}

/** A line of text now, the whole chart later. */
export function chartBundle(spec: object): DisplayBundle {
  let copy: Json;
  try {
    copy = JSON.parse(JSON.stringify(spec, tablesToRows)) as Json;
    checkFields(copy);
  } catch (error) {
    return failedChart(error);
  }
  const text = chartText(copy);
  return { ...textBundle(text), pending: drawChart(copy, text) };
}

async function drawChart(spec: Json, text: string): Promise<DisplayBundle> {
  try {
    const { chartSvg } = await import("./chart-svg.ts");
    const { svg, warnings } = await chartSvg(structuredClone(spec)); // vega marks the rows it is given
    const lines = [text, ...warnings.map((warning) => `warning: ${warning}`)];
    const data = {
      [VEGA_LITE_MIME]: { ...spec, $schema: VEGA_LITE_5_SCHEMA },
      "image/svg+xml": svg,
      "text/plain": lines.join("\n"),
    };
    return { data, metadata: {} };
  } catch (error) {
    return failedChart(error);
  }
}

function failedChart(error: unknown): DisplayBundle {
  return textBundle(`\u001b[31mVega-Lite chart: cannot draw it, ${thrownText(error)}\u001b[39m`);
}

/** Data given as an arquero table become its rows; JSON.stringify hands over what the table's own toJSON made of it. */
function tablesToRows(this: Json, key: string, value: unknown): unknown {
  const table = key === "values" ? this[key] : undefined;
  if (!isReadable(table) || !hasMethods(table, ["objects", "numRows"])) return value;
  return (table as { objects(): unknown }).objects();
}

function chartText(spec: Json): string {
  const { title, mark } = spec;
  const name = isNode(title) ? title.text : title;
  const type = isNode(mark) ? mark.type : mark;
  const encoding = Object.entries(isNode(spec.encoding) ? spec.encoding : {}).flatMap(([channel, definition]) =>
    isNode(definition) && typeof definition.field === "string" ? [`${channel}: ${definition.field}`] : [],
  );
  const rows = inlineRows(spec);
  const parts = [
    "Vega-Lite chart",
    typeof name === "string" ? `"${name}"` : "",
    typeof type === "string" ? `(${[type, ...encoding].join(", ")})` : "",
    rows === undefined ? "" : `of ${rows.length.toLocaleString("en-US")} row${rows.length === 1 ? "" : "s"}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** Throws for an encoded field that no row has, which vega would draw as nothing; views with transforms are not judged. */
function checkFields(spec: Json): void {
  const rows = inlineRows(spec);
  if (rows === undefined || spec.transform !== undefined || !isNode(spec.encoding) || spec.layer !== undefined) return;
  if (rows.length === 0) throw new Error("its data hold no rows");
  for (const [channel, definition] of Object.entries(spec.encoding)) {
    const field = isNode(definition) ? definition.field : undefined;
    if (typeof field !== "string" || /[.[\]\\]/.test(field) || rows.some((row) => isNode(row) && field in row))
      continue;
    const known = isNode(rows[0]) ? Object.keys(rows[0]).join(", ") : typeof rows[0];
    throw new Error(`encoding ${channel}: got field "${field}", which no row has, expected one of ${known}`);
  }
}

function inlineRows(spec: Json): readonly unknown[] | undefined {
  const values = isNode(spec.data) ? spec.data.values : undefined;
  return Array.isArray(values) ? values : undefined;
}

function isNode(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
