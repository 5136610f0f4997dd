import { describe, expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { defaultSeeds } from "../../../src/findings/finding.ts";
import { plausibleArms, studyOf } from "./arm-records.ts";
import { CASES } from "./findings.ts";

/** One of each form; the others differ in their data only. */
const LOOKED_AT = ["adaptive-levels", "families-ends", "long-run-accuracy", "worlds-length"];

const textOf = (svg: string): string => svg.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

describe.each(CASES)("the figures of $finding.name", ({ finding, comparisons }) => {
  const seeds = defaultSeeds(finding, "micro");
  const study = studyOf(plausibleArms(comparisons, seeds));
  const analysis = finding.analyse(study);
  const figures = finding.figures(analysis, study);

  test.each(Object.keys(figures))("%s states its scale and its seeds", async (name) => {
    const svg = await renderSvg(figures[name]);
    expect(name.startsWith(`${finding.name}-`)).toBe(true);
    const text = textOf(svg);
    expect(text).toContain("Micro scale");
    expect(text).toContain(`${seeds} seeds`);
    if (LOOKED_AT.includes(name)) await expect(svg).toMatchFileSnapshot(`../../fixtures/findings/${name}.svg`);
  });

  test("are still made from one seed and the first tier, without intervals", async () => {
    const first = comparisons.map((comparison) => comparison.tiers[0]);
    const least = studyOf(
      plausibleArms(comparisons, 1).filter(({ tier }) => first.includes(tier)),
      "smoke",
    );
    for (const spec of Object.values(finding.figures(finding.analyse(least), least))) {
      expect(await renderSvg(spec)).toContain("<svg");
    }
  });

  test.each([80, 120])("have tables beside them no wider than %i characters", (width) => {
    const text = finding.numbers(analysis, study, width);
    expect(text).toMatch(/\(n.\d/);
    expect(text.split("\n").filter((line) => [...line].length > width)).toEqual([]);
  });
});

test("a table reads so in a terminal", async () => {
  const { finding, comparisons } = CASES[0];
  const study = studyOf(plausibleArms(comparisons, 5));
  await expect(finding.numbers(finding.analyse(study), study, 110)).toMatchFileSnapshot(
    "../../fixtures/findings/adaptive-110.txt",
  );
});
