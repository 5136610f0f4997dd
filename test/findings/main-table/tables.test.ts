import { expect, test } from "vitest";
import { textWidth } from "../../../src/figures/text-metrics.ts";
import { renderSvg } from "../../../src/figures/render.ts";
import { analyseMainTable } from "../../../src/findings/main-table/analysis.ts";
import { mainTableFigures } from "../../../src/findings/main-table/figures.ts";
import { mainTableNumbers } from "../../../src/findings/main-table/numbers.ts";
import { loadPaperNumbers } from "../../../src/findings/paper-numbers.ts";
import { answeredSweep } from "./records.ts";

const tiers = ["xs", "l"];
const analysis = analyseMainTable(answeredSweep({ seeds: 3, tiers }));
const figures = mainTableFigures(analysis, "micro");

test("the numbers read so in a terminal", async () => {
  await expect(mainTableNumbers(analysis, tiers, "micro", 110)).toMatchFileSnapshot(
    "../../fixtures/findings/main-table-110.txt",
  );
});

test("every cell of the paper's table is beside ours, an unknown one as ?", () => {
  const text = mainTableNumbers(analysis, tiers, "micro", 110);
  const rows = loadPaperNumbers().rows.filter(({ size }) => size === "0.5B" || size === "7B");
  const cells = rows.flatMap(({ values }) => Object.values(values));
  for (const cell of cells) if (cell !== null) expect(text).toContain(cell);
  const unknown = cells.filter((cell) => cell === null).length;
  expect(text.match(/(?<=\s)\?(?=\s*$|\s{2})/gm)).toHaveLength(unknown);
});

test("a method without runs says so", () => {
  const some = analyseMainTable(answeredSweep({ seeds: 2, tiers: ["l"] }).filter(({ method }) => method !== "grpo"));
  const text = mainTableNumbers(some, ["l"], "smoke", 110);
  expect(text).toMatch(/^GRPO +not run/m);
  expect(text).toMatch(/^CuMa\s−\sGRPO +not run/m);
});

test.each([80, 100, 120])("no line is wider than %i characters", (width) => {
  const lines = mainTableNumbers(analysis, tiers, "micro", width).split("\n");
  expect(lines.filter((line) => [...line].length > width)).toEqual([]);
});

test.each(Object.keys(figures))("%s is the one that was looked at and committed", async (name) => {
  await expect(await renderSvg(figures[name])).toMatchFileSnapshot(`../../fixtures/findings/${name}.svg`);
});

test.each(Object.keys(figures))(
  "%s states its scale, its number of seeds, its interval and what it can see",
  async (name) => {
    const text = (await renderSvg(figures[name])).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    expect(text).toContain("Micro scale");
    expect(text).toContain("not the paper's models");
    expect(text).toContain("3 seeds");
    expect(text).toContain("95 % bootstrap");
    expect(text).toMatch(/see with 80 % power, in points: xs \d+\.\d, l \d+\.\d/);
  },
);

test("one seed and one tier still make figures, without intervals", async () => {
  const least = analyseMainTable(answeredSweep({ seeds: 1, tiers: ["xs"] }));
  for (const spec of Object.values(mainTableFigures(least, "smoke"))) {
    const svg = await renderSvg(spec);
    expect(svg).toContain("Smoke scale");
    expect(svg).toContain("no intervals");
  }
});

test("a caption's lines fit the figure", () => {
  for (const spec of Object.values(figures)) {
    const { subtitle } = spec.title as { subtitle: string[] };
    for (const line of subtitle) expect(textWidth(line, { fontSize: 11 })).toBeLessThanOrEqual(900);
  }
});
