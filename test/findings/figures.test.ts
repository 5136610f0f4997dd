import { expect, test } from "vitest";
import { textWidth } from "../../src/figures/text-metrics.ts";
import { renderSvg } from "../../src/figures/render.ts";
import { SIZES } from "../../src/figures/theme.ts";
import { analyseCollapse } from "../../src/findings/collapse/analysis.ts";
import { accuracyAxis, stepTicks, threeTickAxis, titleOf } from "../../src/findings/figure-parts.ts";
import { collapseFigures } from "../../src/findings/collapse/figures.ts";
import { plausibleSweep } from "./synthetic-records.ts";

const analysis = analyseCollapse(plausibleSweep({ seeds: 2, steps: 12, everySteps: 3, tiers: ["xs", "l"] }));
const figures = collapseFigures(analysis, "micro");

test.each(Object.keys(figures))("%s is the one that was looked at and committed", async (name) => {
  await expect(await renderSvg(figures[name])).toMatchFileSnapshot(`../fixtures/findings/${name}.svg`);
});

test.each(Object.keys(figures))(
  "%s states its scale, its number of seeds and whose models it does not show",
  async (name) => {
    const text = (await renderSvg(figures[name])).replaceAll(/<[^>]*>/g, " ");
    expect(text).toContain("Micro scale");
    expect(text).toMatch(/not the paper.s\s+models/);
    expect(text).toMatch(/2\s+seeds/);
  },
);

test.each(["collapse-mechanism", "collapse-levels"])("%s names its interval", async (name) => {
  const text = (await renderSvg(figures[name])).replaceAll(/<[^>]*>/g, " ");
  expect(text).toMatch(/95\s+%\s+bootstrap/);
});

test("one seed and one tier still make figures, without intervals", async () => {
  const least = analyseCollapse(plausibleSweep({ seeds: 1, steps: 2, everySteps: 1, tiers: ["xs"] }));
  for (const spec of Object.values(collapseFigures(least, "smoke"))) {
    const svg = await renderSvg(spec);
    expect(svg).toContain("Smoke scale");
    expect(svg).not.toContain("mark-area");
  }
});

test("a caption is wrapped to the figure's width", () => {
  const { subtitle } = titleOf(
    "title",
    ["a caption that is rather long for the width that it is given here"],
    "micro",
    200,
  );
  for (const line of subtitle) expect(textWidth(line, { fontSize: SIZES.subtitle })).toBeLessThanOrEqual(200);
});

test("axes begin at 0, end above all values and have a tick at the end", () => {
  expect(accuracyAxis([0.31])).toEqual({ domain: [0, 0.4], ticks: [0, 0.1, 0.2, 0.3, 0.4] });
  expect(accuracyAxis([0.66]).domain).toEqual([0, 0.8]);
  expect(accuracyAxis([1])).toEqual({ domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });
  expect(threeTickAxis([0.09])).toEqual({ domain: [0, 0.1], ticks: [0, 0.05, 0.1] });
  expect(threeTickAxis([24])).toEqual({ domain: [0, 40], ticks: [0, 20, 40] });
  expect(threeTickAxis([0])).toEqual({ domain: [0, 1], ticks: [0, 0.5, 1] });
});

test("step ticks are at evaluations, the last one among them", () => {
  expect(stepTicks(analysis.heldOut)).toEqual([0, 3, 6, 9, 12]);
  const many = analyseCollapse(plausibleSweep({ seeds: 1, steps: 125, everySteps: 5, tiers: ["xs"] }));
  expect(stepTicks(many.heldOut).length).toBeLessThanOrEqual(7);
  expect(stepTicks(many.heldOut).at(-1)).toBe(125);
});
