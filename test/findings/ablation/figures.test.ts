import { expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { ablationTable } from "../../../src/findings/ablation/ablation-table.ts";
import { analyseAblation } from "../../../src/findings/ablation/analysis.ts";
import { pointTicks } from "../../../src/findings/ablation/effects-figure.ts";
import { ablationFigures } from "../../../src/findings/ablation/figures.ts";
import { loadPaperAblation, paperArmDifference, printedFor } from "../../../src/findings/ablation/paper-ablation.ts";
import { loadPaperNumbers, paperCell } from "../../../src/findings/paper-numbers.ts";
import { plausibleAblation } from "./ablation-records.ts";

const analysis = analyseAblation(plausibleAblation(3, ["xs", "l"]));
const figures = ablationFigures(analysis, "micro");

async function textOf(name: string): Promise<string> {
  const svg = await renderSvg(figures[name]);
  return svg.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

test.each(Object.keys(figures))("%s is the one that was looked at and committed", async (name) => {
  await expect(await renderSvg(figures[name])).toMatchFileSnapshot(`../../fixtures/findings/${name}.svg`);
});

test.each(Object.keys(figures))("%s states its scale, its seeds, its interval and what cannot be", async (name) => {
  const text = await textOf(name);
  expect(text).toContain("Micro scale");
  expect(text).toMatch(/3 seeds/);
  expect(text).toMatch(/95 % bootstrap/);
  expect(text).toMatch(/30\.7, 24\.5, 20\.1 are not attainable with one sample per item/);
});

test("the paper's printed numbers stand beside its arms, and its drops beside ours", async () => {
  const arms = await textOf("ablation-arms");
  for (const printed of ["32.8 %", "30.7 %", "24.5 %", "20.1 %"]) expect(arms).toContain(printed);
  const effects = await textOf("ablation-effects");
  for (const drop of ["+12.7", "+8.3", "+2.1"]) expect(effects).toContain(drop);
});

test("the effects figure says what share of groups the mask dropped and what the seeds can see", async () => {
  const text = await textOf("ablation-effects");
  expect(text).toMatch(/mask dropped in full CuMa: xs \d\.\d %, l \d\.\d %/);
  expect(text).toMatch(/80 % power, in points: xs \d+\.\d, l \d+\.\d/);
});

test("one seed and one tier still make figures, without intervals", async () => {
  const least = analyseAblation(plausibleAblation(1, ["xs"]));
  for (const spec of Object.values(ablationFigures(least, "smoke"))) {
    const text = (await renderSvg(spec)).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    expect(text).toContain("no intervals, for want of seeds");
  }
});

test("a sweep of which one arm is left still makes a figure and a table", async () => {
  const cuma = analyseAblation(plausibleAblation(2, ["xs"]).filter(({ key }) => key.startsWith("xs-cuma-")));
  const left = ablationFigures(cuma, "smoke");
  expect(Object.keys(left)).toEqual(["ablation-arms"]); // no effect without a second arm
  expect(await renderSvg(left["ablation-arms"])).toContain("<svg");
  expect(ablationTable(cuma, "smoke", 100).match(/not run/g)).toHaveLength(9 + 6);
});

test("ticks of an axis in points have 0 among them and enclose all values", () => {
  expect(pointTicks([-3, 28])).toEqual([-10, 0, 10, 20, 30]);
  expect(pointTicks([0.4, 1.2])).toEqual([0, 1, 2]);
  expect(pointTicks([-7, -2])).toEqual([-8, -6, -4, -2, 0]);
  expect(pointTicks([])).toEqual([0, 1]);
  expect(pointTicks([-99, 99])).toEqual([-100, -50, 0, 50, 100]);
});

test("our numbers read so in a terminal beside the paper's four", async () => {
  await expect(ablationTable(analysis, "micro", 100)).toMatchFileSnapshot("../../fixtures/findings/ablation-100.txt");
});

test.each([80, 120])("no line of the table is wider than %i characters", (width) => {
  const lines = ablationTable(analyseAblation(plausibleAblation(2)), "micro", width).split("\n");
  expect(lines.filter((line) => [...line].length > width)).toEqual([]);
});

test("the ablation's full CuMa is the main table's cell, and its drops are those of the printed numbers", () => {
  const paper = loadPaperAblation();
  expect(printedFor(paper, "cuma")).toBe(paperCell(loadPaperNumbers(), paper.size, "cuma", paper.benchmark));
  expect(printedFor(paper, "ttrl")).toBeNull();
  expect(paperArmDifference(paper, "cuma", "no-mask").difference).toBe(0.021);
  expect(() => paperArmDifference(paper, "cuma", "reverse")).toThrow(
    expect.objectContaining({ code: "claim/no-cell" }),
  );
});
