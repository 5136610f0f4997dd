import { expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { accuracyTable } from "../../../src/findings/difficulty/accuracy-table.ts";
import { analyseDifficulty } from "../../../src/findings/difficulty/analysis.ts";
import { difficultyFigures } from "../../../src/findings/difficulty/figures.ts";
import { plausibleDifficultySweep } from "./records.ts";

const analysis = analyseDifficulty(plausibleDifficultySweep({ seeds: 3, steps: 40, tiers: ["xs", "l"] }));
const figures = difficultyFigures(analysis, "micro");

const textOf = async (name: string): Promise<string> =>
  (await renderSvg(figures[name])).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

test.each(Object.keys(figures))("%s is the one that was looked at and committed", async (name) => {
  await expect(await renderSvg(figures[name])).toMatchFileSnapshot(`../../fixtures/findings/${name}.svg`);
});

test.each(Object.keys(figures))(
  "%s states its scale, its seeds, its interval and whose models it does not show",
  async (name) => {
    const text = await textOf(name);
    expect(text).toContain("Micro scale");
    expect(text).toContain("not the paper's models");
    expect(text).toContain("3 seeds");
    expect(text).toContain("95 % bootstrap");
  },
);

test("the paper's numbers stand in the caption as the paper's, what is unknown is not filled in", async () => {
  const text = await textOf("difficulty-accuracy");
  expect(text).toContain(
    "The paper's own numbers, not drawn here (0.5B, as far as known): " +
      "MATH-500 0.35 after levels 1–2, about 0 after levels 1–4; GSM8K 0.28 after levels 1–2, 0.15 after levels 1–5.",
  );
});

test("every seed of every cell is a point, beside the means", async () => {
  const svg = await renderSvg(figures["difficulty-accuracy"]);
  const points = svg.match(/aria-roledescription="point"/g) ?? svg.match(/<path [^>]*d="M[^"]*A[^"]*"/g) ?? [];
  const [cells, seeds, sets] = [3 * 4, 3, 2];
  expect(points.length).toBe(cells * sets * (seeds + 1));
});

test("one seed on one tier still makes figures, without intervals and without a control that was not run", async () => {
  const runs = plausibleDifficultySweep({ seeds: 1, steps: 3, tiers: ["l"] });
  const least = difficultyFigures(analyseDifficulty(runs), "smoke");
  for (const spec of Object.values(least)) {
    const svg = await renderSvg(spec);
    expect(svg).toContain("Smoke scale");
    expect(svg).not.toMatch(/mark-area|GRPO|can see/);
  }
});

test("the table reads so in a terminal", async () => {
  await expect(accuracyTable(analysis, ["xs", "l"], "micro", 110)).toMatchFileSnapshot(
    "../../fixtures/findings/difficulty-accuracies-110.txt",
  );
});

test.each([80, 110, 120])("no line of the table is wider than %i characters", (width) => {
  const lines = accuracyTable(analysis, ["xs", "l"], "micro", width).split("\n");
  expect(lines.filter((line) => [...line].length > width)).toEqual([]);
});

test("what was not run and what is not known of the paper say so", () => {
  const runs = plausibleDifficultySweep({ seeds: 2, steps: 3, tiers: ["l"] });
  const some = analyseDifficulty(runs.filter(({ run }) => run.data.levels.length !== 5));
  const table = accuracyTable(some, ["l"], "smoke", 110);
  expect(table).toContain("not run: no tier and seed has both");
  expect(table).toMatch(/l\s+TTRL\s+MATH-like.*not run\s+not run\s+0$/m);
  expect(table).toMatch(/MATH-500\s+23\.4\s+35\s+\?\s+about 0\s+\?$/m);
});
