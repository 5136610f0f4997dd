import { expect, test } from "vitest";
import { renderSvg } from "../../../src/figures/render.ts";
import { analyseGeneration } from "../../../src/findings/data-generation/analysis.ts";
import { dataGenerationFigures } from "../../../src/findings/data-generation/figures.ts";
import { dataGeneration } from "../../../src/findings/data-generation/finding.ts";
import { generatedProblems } from "../../../src/findings/data-generation/generated-problems.ts";
import { qualityTable } from "../../../src/findings/data-generation/quality-table.ts";
import { judgeGeneration } from "../../../src/findings/data-generation/verdicts.ts";
import { recordedStudy } from "../../../src/findings/recorded-study.ts";
import { runStudy } from "../../../src/findings/study.ts";
import { plausibleSets, type SetWishes } from "./generated-sets.ts";

const verdictsOn = (wishes: SetWishes) => judgeGeneration(analyseGeneration(plausibleSets(wishes)), "micro");
const textOf = async (name: string, wishes: SetWishes, scale = "micro") => {
  const spec = dataGenerationFigures(analyseGeneration(plausibleSets(wishes)), scale)[name];
  return (await renderSvg(spec)).replaceAll(/<[^>]*>/g, " ");
};

test("failures that rise with the level asked reproduce the first claim, on every tier", () => {
  const [difficulty] = verdictsOn({});
  expect(difficulty.verdict).toBe("reproduced");
  expect(difficulty.parts.map(({ label }) => label.split(",")[0])).toEqual(["xs", "s", "m", "l"]);
  expect(difficulty.parts[0].estimate).toBeGreaterThan(0.9);
});

test("failures that fall with the level asked of the model contradict it, whatever the rule's problems do", () => {
  const failuresOf = (level: number, arm: string) => (arm === "rule" ? level : 6 - level);
  expect(verdictsOn({ failuresOf })[0].verdict).toBe("not reproduced");
});

test("failures that are the same at all levels decide nothing", () => {
  expect(verdictsOn({ failuresOf: () => 3 })[0].verdict).not.toBe("reproduced");
});

test("fewer duplicates with new examples reproduce the second claim, more contradict it", () => {
  const fewer = verdictsOn({ copiesOf: (arm) => (arm === "fixed" ? 6 : 1) })[1];
  expect(fewer.verdict).toBe("reproduced");
  expect(fewer.parts[0]).toMatchObject({ unit: "share of problems", n: 6 });
  expect(fewer.parts[0].estimate).toBeCloseTo(-10 / 50, 1);
  expect(verdictsOn({ copiesOf: (arm) => (arm === "fixed" ? 1 : 6) })[1].verdict).toBe("not reproduced");
});

test("from four draws nothing is concluded", () => {
  const verdicts = verdictsOn({ draws: 4, copiesOf: (arm) => (arm === "fixed" ? 6 : 1) });
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(["inconclusive at this n", "inconclusive at this n"]);
});

test("a generator whose text cannot be read is reported, not an error", async () => {
  const { sets, ...about } = plausibleSets({ draws: 2 });
  const unreadable = sets.map((set) =>
    set.arm === "rule" ? set : { ...set, calls: set.calls.map((call) => ({ ...call, text: ";;+" })), failures: {} },
  );
  const analysis = analyseGeneration({ ...about, sets: unreadable });
  expect(judgeGeneration(analysis, "smoke").map(({ verdict }) => verdict)).toEqual(["not run", "not run"]);
  expect(qualityTable(analysis, "smoke", 120)).toContain("none");
  for (const spec of Object.values(dataGenerationFigures(analysis, "smoke"))) {
    expect(await renderSvg(spec)).toContain("Smoke scale");
  }
});

test.each(["data-generation-difficulty", "data-generation-quality"])(
  "%s names its interval, its draws and its scale",
  async (name) => {
    const text = await textOf(name, { draws: 6 });
    expect(text).toMatch(/95\s+%\s+bootstrap/);
    expect(text).toMatch(/over\s+6\s+draws/);
    expect(text).toContain("Micro scale");
    expect(await textOf(name, { draws: 1 }, "smoke")).toContain("No intervals");
  },
);

test("level 5 is partly of level 4 by rule, the lower levels are not of others", () => {
  const { levels } = analyseGeneration(plausibleSets());
  const share = (asked: number, byRule: number) =>
    levels.find((row) => row.arm === "rule" && row.asked === asked && row.byRule === byRule)?.share;
  expect(share(5, 4)).toBeCloseTo((7 / 9) ** 4, 1);
  expect(share(3, 3)).toBe(1);
  expect(share(3, 2)).toBe(0);
});

test("the data file reads back as what was written, and a damaged one is refused", () => {
  const data = plausibleSets({ draws: 1 });
  const stored = JSON.parse(JSON.stringify(generatedProblems.toJson(data)));
  expect(generatedProblems.parse(stored)).toEqual(data);
  expect(() => generatedProblems.parse({ ...stored, sets: [{}] })).toThrow(/generated-problems\.json: sets\.0/);
});

test("the finding has no runs, trained or recorded, and needs its data", async () => {
  expect(dataGeneration.sweep({ scale: "micro", seeds: 5 })).toEqual([]);
  expect(() => dataGeneration.sweep({ scale: "paper", seeds: 5 })).toThrow(/paper/);
  const trained = await runStudy([], "smoke", { root: "nowhere", jobs: 1 });
  expect(trained).toEqual(recordedStudy([], "smoke", []));
  expect(() => dataGeneration.analyse(trained)).toThrow(/no generated problems/);
  expect(dataGeneration.analyse({ ...trained, extra: plausibleSets({ draws: 1 }) })).toMatchObject({
    generatorLoss: 1.3,
  });
});
