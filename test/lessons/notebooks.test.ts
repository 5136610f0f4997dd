import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { METHOD_LABELS } from "../../src/figures/theme.ts";
import { LESSONS, lessonPath } from "../../src/lessons/index.ts";
import { lessonNotebook } from "../../src/lessons/lesson-notebook.ts";
import { EXERCISES } from "../../src/lessons/exercises.ts";
import { LANGUAGES } from "../../src/lessons/text.ts";
import { withOutputsOf } from "../../src/lessons/with-outputs.ts";
import { packagePath } from "../../src/runs/package-root.ts";
import { isCode, tagsOf, toNotebook } from "../../src/workbook/notebook.ts";
import { formatNotebook, readNotebook } from "../../src/workbook/notebook-file.ts";
import { stripNotebook } from "../../src/workbook/strip-notebook.ts";
import { beginRun, finishRun } from "../../src/workbook/run-notebook.ts";
import { codeOf, KERNEL, save, scratchFolder, textOf } from "../workbook/notebooks.ts";

const LARGEST_CELL_LINES = 12;
const folder = scratchFolder();

describe.each(LESSONS)("the notebook of $name", (lesson) => {
  const [en, ko] = LANGUAGES.map((language) => lessonNotebook(lesson, { language }));

  test("has parameters first, short cells, the door alone, and texts without code of another language", () => {
    const code = codeOf(en);
    expect(tagsOf(code[0])).toEqual(["parameters"]);
    for (const notebook of [en, lessonNotebook(lesson, { language: "en", solved: true })]) {
      for (const { id, source } of codeOf(notebook)) {
        expect(source.split("\n").length, id).toBeLessThanOrEqual(LARGEST_CELL_LINES);
      }
    }
    const imported = code.flatMap(({ source }) => [...source.matchAll(/ from "([^"]+)"/g)].map(([, from]) => from));
    for (const from of imported) expect(["labelfree", "node:vm"]).toContain(from);
  });

  test("has the same code in both languages, and text in each of its own", () => {
    const language = (source: string) => source.replace('"en" | "ko" = "ko"', '"en" | "ko" = "en"');
    expect(codeOf(ko).map(({ source }) => language(source))).toEqual(codeOf(en).map(({ source }) => source));
    expect(ko.cells.map(({ id }) => id)).toEqual(en.cells.map(({ id }) => id));
    const texts = (notebook: typeof en) =>
      notebook.cells.filter((cell) => !isCode(cell) && !cell.id.endsWith("-solution"));
    for (const { id, source } of texts(ko)) expect(source, id).toMatch(/[가-힣]/);
    for (const { id, source } of texts(en)) expect(source, id).not.toMatch(/[가-힣]/);
  });

  test("is a notebook that a file can hold", () => {
    for (const notebook of [en, ko]) {
      expect(toNotebook(JSON.parse(formatNotebook(notebook)), "test")).toEqual(notebook);
      expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
    }
  });

  test.each(LANGUAGES)("is committed as the source writes it, and run: %s", (language) => {
    const written = lessonNotebook(lesson, { language });
    const committed = readNotebook(packagePath("notebooks", lessonPath(lesson, language)));
    expect(formatNotebook(stripNotebook(committed))).toBe(formatNotebook(stripNotebook(written)));
    expect(withOutputsOf(written, committed)).toEqual(committed);
    for (const cell of codeOf(committed)) {
      expect(cell.execution_count, cell.id).not.toBeNull();
      expect(textOf(cell), cell.id).not.toMatch(/Error/);
    }
  });
});

test("every exercise of every lesson stands in its notebook, unsolved as committed", () => {
  for (const [name, exercises] of Object.entries(EXERCISES)) {
    const lesson = LESSONS.find((each) => each.name === name);
    if (lesson === undefined) throw new Error(`no lesson ${name}`);
    for (const language of LANGUAGES) {
      const committed = codeOf(readNotebook(packagePath("notebooks", lessonPath(lesson, language))));
      for (const exercise of exercises) {
        const cell = committed.find(({ id }) => id === exercise.name);
        expect(cell && textOf(cell), exercise.name).toMatch(/^○ (Not solved yet|아직 풀지 않았습니다)/);
      }
    }
  }
});

test("the figure of the tour draws a line of each method", () => {
  const cells = codeOf(readNotebook(packagePath("notebooks", "00-tour.ipynb")));
  const drawn = JSON.stringify(cells.find(({ id }) => id === "figure")?.outputs);
  for (const method of ["grpo", "ttrl", "intuitor", "cuma"] as const) {
    const points = new RegExp(`<path aria-label=[^>]*${METHOD_LABELS[method].replace(/[()]/g, "\\$&")}[^>]* d=`);
    expect(drawn.replaceAll('\\"', '"'), method).toMatch(points);
  }
});

test("outputs stay only where the code is the same", () => {
  const [, lesson] = LESSONS;
  const written = lessonNotebook(lesson, { language: "en" });
  const other = lessonNotebook(lesson, { language: "en", solved: true });
  expect(withOutputsOf(written, written)).toEqual(written);
  expect(withOutputsOf(written, other)).toBeNull();
});

const solvable = LESSONS.filter(({ name }) => ["vote-and-mask", "group-advantage", "certainty"].includes(name));

test.each(solvable)("$name, solved, runs on the kernel, passes its checks and keeps progress", async (lesson) => {
  const path = save(folder, `${lesson.name}.ipynb`, lessonNotebook(lesson, { language: "ko", solved: true }));
  const kernel = { ...KERNEL, env: { XDG_STATE_HOME: folder } };
  const begun = beginRun(path, { kernelOf: () => kernel });
  if (begun === null) throw new Error("nothing to do");
  const { status } = await finishRun(begun, {});
  expect(status).toBe("ok");
  const cells = codeOf(readNotebook(path));
  for (const { name } of EXERCISES[lesson.name as keyof typeof EXERCISES]) {
    const cell = cells.find(({ id }) => id === name);
    expect(cell && textOf(cell)).toMatch(/^✓ 정답입니다/);
  }
  expect(existsSync(join(folder, "labelfree", "lessons.json"))).toBe(true);
});
