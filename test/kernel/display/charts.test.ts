import * as aq from "arquero";
import * as vega from "vega";
import { expect, test } from "vitest";
import { toMimeBundle, vegaLite } from "../../../src/kernel/display/index.ts";

const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";

function barChart(more: object = {}): object {
  return {
    title: "Scores",
    data: {
      values: [
        { arm: "a & b", score: 1 },
        { arm: "<c>", score: 3 },
      ],
    },
    mark: "bar",
    encoding: { x: { field: "arm", type: "nominal" }, y: { field: "score", type: "quantitative" } },
    ...more,
  };
}

async function drawn(value: unknown): Promise<Readonly<Record<string, unknown>>> {
  const { data, pending } = toMimeBundle(value);
  return (await pending)?.data ?? data;
}

test("a chart has three MIME types, by its $schema or by vegaLite()", async () => {
  for (const chart of [vegaLite(barChart()), barChart({ $schema: SCHEMA })]) {
    const data = await drawn(chart);
    expect(Object.keys(data)).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    expect(data["application/vnd.vegalite.v5+json"]).toMatchObject({
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      mark: "bar",
    });
    expect(data["text/plain"]).toBe('Vega-Lite chart "Scores" (bar, x: arm, y: score) of 2 rows');
  }
});

test("the SVG is the one that was reviewed and committed", async () => {
  const { "image/svg+xml": svg } = await drawn(vegaLite(barChart()));
  await expect(svg).toMatchFileSnapshot("../../fixtures/kernel/bar-chart.svg");
});

test("drawing many charts at once gives the same bytes as one", async () => {
  const sampled = vegaLite(barChart({ transform: [{ calculate: "random()", as: "score" }] }));
  const charts = await Promise.all([sampled, vegaLite(barChart()), sampled, vegaLite(barChart())].map(drawn));
  expect(charts[2]).toEqual(charts[0]);
  expect(charts[3]).toEqual(charts[1]);
});

test("the notebook's own vega keeps its settings", async () => {
  const { textMetrics } = vega as unknown as { textMetrics: { width: unknown } };
  const before = textMetrics.width;
  await drawn(vegaLite(barChart()));
  expect(textMetrics.width).toBe(before);
  expect((vega as unknown as { random: unknown }).random).toBe(Math.random);
});

test("an arquero table serves as data", async () => {
  const data = await drawn(vegaLite(barChart({ data: { values: aq.table({ arm: ["a"], score: [2] }) } })));
  expect(data["application/vnd.vegalite.v5+json"]).toMatchObject({ data: { values: [{ arm: "a", score: 2 }] } });
});

test.each([
  ["a field that no row has", { encoding: { x: { field: "armm", type: "nominal" } } }, 'got field "armm"'],
  ["no rows", { data: { values: [] } }, "its data hold no rows"],
  ["an unknown mark", { mark: "barr" }, "cannot draw it"],
  ["data that do not load", { data: { url: "no-such-file.csv" } }, "Loading failed no-such-file.csv"],
  ["an expression that does not parse", { transform: [{ calculate: "1 +", as: "z" }] }, "cannot draw it"],
])("a chart with %s gives its error", async (_, change, expected) => {
  const data = await drawn(vegaLite(barChart(change)));
  expect(Object.keys(data)).toEqual(["text/plain"]);
  expect(data["text/plain"]).toContain(expected);
});

test("a spec with a cycle or a bigint gives its error", async () => {
  const cyclic: Record<string, unknown> = barChart({ $schema: SCHEMA }) as Record<string, unknown>;
  cyclic.self = cyclic;
  expect((await drawn(cyclic))["text/plain"]).toContain("cannot draw it, Converting circular structure");
});
