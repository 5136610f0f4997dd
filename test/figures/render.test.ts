import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { hashBytes } from "../../src/core/hash.ts";
import { FONT_FILES } from "../../src/figures/font-files.ts";
import { renderPng, renderSvg } from "../../src/figures/render.ts";
import { exampleProvenance, exampleSpec } from "./example-spec.ts";

const provenance = exampleProvenance;

test("the SVG is the one that was reviewed and committed", async () => {
  const svg = await renderSvg(exampleSpec(), { provenance });
  await expect(svg).toMatchFileSnapshot("../fixtures/figures/example.svg");
});

test("drawing twice, with another figure in between, gives the same bytes", async () => {
  const first = await renderSvg(exampleSpec(), { provenance });
  await renderSvg(exampleSpec("another"), { provenance });
  const second = await renderSvg(exampleSpec(), { provenance });
  expect(second).toBe(first);
  expect(hashBytes(renderPng(second))).toBe(hashBytes(renderPng(first)));
});

test("another time zone and language give the same bytes", async () => {
  const svg = await renderSvg(exampleSpec(), { provenance });
  const png = renderPng(svg);
  const elsewhere = JSON.parse(renderElsewhere({ TZ: "Pacific/Chatham", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" }));
  expect(elsewhere).toEqual({ svg: hashBytes(svg), png: hashBytes(png) });
});

test("the PNG has twice the SVG's size and shows the title's text", async () => {
  const withTitle = new Resvg(await renderSvg(exampleSpec("a")), drawingOptions()).render();
  const otherTitle = new Resvg(await renderSvg(exampleSpec("b")), drawingOptions()).render();
  const rowsThatDiffer = differingRows(withTitle, otherTitle);
  expect(rowsThatDiffer.length).toBeGreaterThan(5);
  expect(Math.max(...rowsThatDiffer)).toBeLessThan(withTitle.height / 4);
  const png = renderPng(await renderSvg(exampleSpec("a")));
  expect(new DataView(png.buffer).getUint32(16)).toBe(withTitle.width * 2);
});

test("a field that no row has is an error", async () => {
  const spec = { ...exampleSpec(), encoding: { x: { field: "stpe", type: "quantitative" } } } as never;
  await expect(renderSvg(spec)).rejects.toMatchObject({ code: "figure/unknown-field" });
});

test("a field that is null in every row is an error", async () => {
  const spec = { ...exampleSpec(), data: { values: [{ step: 1, accuracy: null, method: "CuMa" }] } } as never;
  await expect(renderSvg(spec)).rejects.toMatchObject({ code: "figure/unknown-field" });
});

test("empty data are an error", async () => {
  const spec = { ...exampleSpec(), data: { values: [] } } as never;
  await expect(renderSvg(spec)).rejects.toMatchObject({ code: "figure/no-data" });
});

test("data behind an address are an error, not an empty chart", async () => {
  const spec = { ...exampleSpec(), data: { url: "runs.csv" } } as never;
  await expect(renderSvg(spec)).rejects.toMatchObject({ code: "figure/no-data" });
});

test("a value that is not finite is an error, not a gap", async () => {
  const spec = { ...exampleSpec(), data: { values: [{ step: 1, accuracy: Number.NaN, method: "CuMa" }] } } as never;
  await expect(renderSvg(spec)).rejects.toMatchObject({ code: "figure/non-finite" });
});

test("a layer whose filter leaves nothing to draw is an error, though another layer draws", async () => {
  const { data, encoding } = exampleSpec() as { data: object; encoding: object };
  const nothing = { mark: "rule", transform: [{ filter: "datum.step > 1000" }], encoding: { x: { datum: 3 } } };
  const spec = { data, layer: [{ mark: "line", encoding }, nothing] };
  await expect(renderSvg(spec as never)).rejects.toMatchObject({ code: "figure/empty-mark" });
});

test("what vega-lite only warns about is an error", async () => {
  const spec = {
    ...exampleSpec(),
    mark: { type: "line", size: 3 },
    encoding: { size: { field: "step" }, shape: { field: "step" } },
  };
  await expect(renderSvg(spec as never)).rejects.toMatchObject({ code: "figure/vega-complained" });
});

test.each([
  ["a temporal field", { encoding: { x: { field: "step", type: "temporal" } } }],
  ["a random number", { transform: [{ calculate: "random()", as: "r" }] }],
  ["a bootstrap by vega", { mark: { type: "errorbar", extent: "ci" } }],
  ["a random sample", { transform: [{ sample: 2 }] }],
])("%s is refused, since it does not give the same bytes everywhere", async (_, part) => {
  await expect(renderSvg({ ...exampleSpec(), ...part } as never)).rejects.toMatchObject({
    code: "figure/not-repeatable",
  });
});

test("a character that the font's table lacks is an error", async () => {
  await expect(renderSvg(exampleSpec("千问"))).rejects.toThrow(/U\+5343/);
});

function renderElsewhere(environment: Record<string, string>): string {
  const script = fileURLToPath(new URL("./render-elsewhere.js", import.meta.url));
  return execFileSync(process.execPath, [script], { env: { ...process.env, ...environment }, encoding: "utf8" });
}

function drawingOptions(): ConstructorParameters<typeof Resvg>[1] {
  return { font: { loadSystemFonts: false, fontFiles: [...FONT_FILES] } };
}

type Image = ReturnType<Resvg["render"]>;

function differingRows(a: Image, b: Image): number[] {
  expect([b.width, b.height]).toEqual([a.width, a.height]);
  const [left, right] = [a.pixels, b.pixels];
  return Array.from({ length: a.height }, (_, row) => row).filter((row) => {
    const [start, end] = [row * a.width * 4, (row + 1) * a.width * 4];
    return left.subarray(start, end).compare(right.subarray(start, end)) !== 0;
  });
}
