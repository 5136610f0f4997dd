import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { writeError } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { LESSONS, lessonPath } from "../lessons/index.ts";
import { lessonNotebook } from "../lessons/lesson-notebook.ts";
import { LANGUAGES, type Language } from "../lessons/text.ts";
import { withOutputsOf } from "../lessons/with-outputs.ts";
import type { Notebook } from "../workbook/notebook.ts";
import { formatNotebook, readNotebook, writeNotebook } from "../workbook/notebook-file.ts";

interface LessonsOptions {
  readonly lang?: Language;
  readonly out: string;
  readonly solved?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const notebookLessonsCommand = new Command("lessons")
  .description("write the tour and the lessons as notebooks, from their one source")
  .addOption(new Option("--lang <language>", "one language only; default all").choices(LANGUAGES))
  .option("--out <dir>", "folder of notebooks; the lessons go to lessons/ below it", "notebooks")
  .option("--solved", "with the solutions where the gaps are")
  .option("--force", "replace notebooks whose code was changed, a learner's work too")
  .option("--json", 'print {"files": ...}')
  .addHelpText(
    "after",
    `
Outputs stay where the code is the same; labelfree notebook run makes them.

Examples:
  labelfree notebook lessons --out ~/labelfree-lessons --lang ko
  labelfree notebook lessons --solved --out /tmp/solved && labelfree notebook run /tmp/solved/lessons/*.ipynb`,
  )
  .action(({ lang, out, solved = false, force = false, json = false }: LessonsOptions) => {
    const notebooks = LESSONS.flatMap((lesson) =>
      (lang === undefined ? LANGUAGES : [lang]).map((language) => {
        const file = join(out, lessonPath(lesson, language));
        return { file, notebook: upToDate(file, lessonNotebook(lesson, { language, solved }), force) };
      }),
    );
    for (const { file, notebook } of notebooks) {
      makeFolder(dirname(file));
      if (!isWritten(file, notebook)) writeNotebook(file, notebook);
      if (!json) console.log(file);
    }
    if (json) console.log(JSON.stringify({ files: notebooks.map(({ file }) => file) }));
  });

/** With the outputs of the file where its code is the same; other code is a learner's or an older version's. */
function upToDate(file: string, notebook: Notebook, force: boolean): Notebook {
  if (!existsSync(file)) return notebook;
  const kept = withOutputsOf(notebook, readNotebook(file));
  if (kept !== null) return kept;
  if (force) return notebook;
  const message = `${file}: its code is not the lesson's, perhaps somebody's work; --force replaces it, --out writes elsewhere`;
  throw new LabelfreeError("notebook/exists", message, { fields: { file } });
}

function isWritten(file: string, notebook: Notebook): boolean {
  return existsSync(file) && formatNotebook(readNotebook(file)) === formatNotebook(notebook);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeError(folder, error);
  }
}
