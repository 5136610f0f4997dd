import { expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { tiersOf } from "../../../src/findings/figure-parts.ts";
import { analyseLength } from "../../../src/findings/length/analysis.ts";
import { lengthFigures } from "../../../src/findings/length/figures.ts";
import { lengthTable } from "../../../src/findings/length/length-table.ts";
import { judgeLength } from "../../../src/findings/length/verdicts.ts";
import { verdictTable } from "../../../src/findings/verdict-table.ts";
import { plausibleLengths, reflecting } from "./length-records.ts";

const records = plausibleLengths({ seeds: 5, steps: 12, everySteps: 3, tiers: ["xs", "l"] });
const analysis = analyseLength(records);
const figures = lengthFigures(analysis, "micro");
const textOf = (svg: string): string => svg.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

test.each(Object.keys(figures))("%s is the one that was looked at and committed", async (name) => {
  await expect(await renderSvg(figures[name])).toMatchFileSnapshot(`../../fixtures/findings/${name}.svg`);
});

test.each(Object.keys(figures))("%s states its scale and whose models it does not show", async (name) => {
  const text = textOf(await renderSvg(figures[name]));
  expect(text).toContain("Micro scale");
  expect(text).toMatch(/not the paper.s models/);
});

test("the curves say how many seeds they show and that reflection was not recorded", async () => {
  const text = textOf(await renderSvg(figures["length-curves"]));
  expect(text).toContain("5 seeds");
  expect(text).toContain("not recorded in these runs");
  expect(text).toContain("cut at 52 tokens");
});

test("recorded reflection gets a row of panels and the caption no longer misses it", async () => {
  const recorded = analyseLength(records.map((record) => reflecting(record, 0.25)));
  const text = textOf(await renderSvg(lengthFigures(recorded, "micro")["length-curves"]));
  expect(text).toContain("rollouts that reflect");
  expect(text).not.toContain("not recorded");
});

test("the figure's correlations are those of the verdict", async () => {
  const finals = analysis.runs;
  const [, sign] = judgeLength({ scale: "micro", tiers: tiersOf(analysis), finals, missing: [] });
  const text = textOf(await renderSvg(figures["length-accuracy"]));
  const digits = (value: number | null): string => (value ?? Number.NaN).toFixed(2).replace("-", "−");
  for (const { estimate, low, high, n } of [...sign.parts, sign.sideMeasures[0]]) {
    expect(text).toContain(`ρ = ${digits(estimate)} [${digits(low)}, ${digits(high)}], n = ${n}`);
  }
});

test("one seed and one tier still make figures, without an interval", async () => {
  const least = analyseLength(plausibleLengths({ seeds: 1, steps: 2, everySteps: 1, tiers: ["xs"] }));
  for (const spec of Object.values(lengthFigures(least, "smoke"))) {
    expect(await renderSvg(spec)).toContain("Smoke scale");
  }
  const text = textOf(await renderSvg(lengthFigures(least, "smoke")["length-accuracy"]));
  expect(text).toContain("too few seeds for an interval");
});

test("lengths and verdicts read so in a terminal, tokens and correlations with their units", async () => {
  const tiers = tiersOf(analysis);
  const verdicts = judgeLength({ scale: "micro", tiers, finals: analysis.runs, missing: [] });
  const text = `${lengthTable(analysis.runs, tiers, "micro", 110)}\n\n${verdictTable(verdicts, 110)}\n`;
  await expect(text).toMatchFileSnapshot("../../fixtures/findings/lengths-110.txt");
  expect(text).toMatch(/\+\d+\.\d\s+tokens \[\+/);
  expect(text).toMatch(/In tokens and rank correlations/);
});

test("a tier that was not run says so in the table", () => {
  expect(lengthTable(analysis.runs, ["xs", "m"], "smoke", 110).match(/not run/g)).toHaveLength(4);
});
