import { expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { analyseCollapse } from "../../../src/findings/collapse/analysis.ts";
import { collapseFigures } from "../../../src/findings/collapse/figures.ts";
import { collapseNumbers } from "../../../src/findings/collapse/numbers.ts";
import { plausibleCollapse } from "./collapse-records.ts";

const NAMES = ["collapse-onset", "collapse-reward-and-truth", "collapse-answers"] as const;

const analysis = analyseCollapse(plausibleCollapse({ seeds: 3, steps: 60, everySteps: 20, tiers: ["xs", "l"] }));
const figures = collapseFigures(analysis, "micro");

const textOf = (svg: string): string => svg.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

test("collapse-answers is the one that was looked at and committed", async () => {
  const svg = await renderSvg(figures["collapse-answers"]);
  await expect(svg).toMatchFileSnapshot("../../fixtures/findings/collapse-answers.svg");
});

test.each(NAMES)("%s states its scale, its number of seeds and whose models it does not show", async (name) => {
  const text = textOf(await renderSvg(figures[name]));
  expect(text).toContain("Micro scale");
  expect(text).toMatch(/not the paper.s models/);
  expect(text).toContain("3 seeds");
});

test.each(NAMES)("%s is the same to the last byte from records in another order", async (name) => {
  const records = plausibleCollapse({ seeds: 2, steps: 12, everySteps: 6, tiers: ["xs", "l"] });
  const drawn = await renderSvg(collapseFigures(analyseCollapse(records), "micro")[name]);
  expect(await renderSvg(collapseFigures(analyseCollapse([...records].reverse()), "micro")[name])).toBe(drawn);
});

test("the onset says how many steps it shows and in which blocks, and that CuMa's problems are others", async () => {
  const text = textOf(await renderSvg(figures["collapse-onset"]));
  expect(text).toContain("The first 50 steps of training, rollouts of each step, means over blocks of 5 steps.");
  expect(text).toContain("CuMa goes from the easiest problems to harder ones by design");
});

test("an answer is named in its bar where most seeds agree on it, and nowhere else", async () => {
  const text = textOf(await renderSvg(figures["collapse-answers"]));
  expect(text.match(/(?<= )10(?= )/g)?.length).toBeGreaterThanOrEqual(3); // both bases and TTRL on xs
  expect(text).not.toMatch(/ 70 /); // the leader of policies that learned, with a share like any other
});

test("one seed and one tier still make figures", async () => {
  const least = analyseCollapse(plausibleCollapse({ seeds: 1, steps: 2, everySteps: 1, tiers: ["xs"] }));
  for (const name of NAMES) expect(await renderSvg(collapseFigures(least, "smoke")[name])).toContain("Smoke scale");
});

test.each([80, 100])(
  "the finding's numbers have accuracies, onset, answers and samples within %i characters",
  (width) => {
    const text = collapseNumbers(analysis, "micro", width);
    expect(text).toMatch(/paper's main\s+table[^]*The first 50 steps[^]*What policies say[^]*Samples:/);
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(width);
  },
);
