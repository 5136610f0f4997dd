import { Command } from "commander";
import { EXERCISES } from "../lessons/exercises.ts";
import { progressFile, readProgress } from "../lessons/progress.ts";

export const notebookProgressCommand = new Command("progress")
  .description("tell which exercises of the lessons were passed")
  .option("--json", 'print {"file": ..., "passed": ..., "total": ..., "lessons": ...}')
  .addHelpText(
    "after",
    `
A check that says "right" notes the exercise, in lessons.json under $XDG_STATE_HOME/labelfree or ~/.local/state/labelfree.

Example:
  labelfree notebook progress`,
  )
  .action(({ json = false }: { readonly json?: boolean }) => {
    const file = progressFile();
    const { passed: known } = readProgress(file);
    const lessons = Object.entries(EXERCISES).map(([lesson, exercises]) => ({
      lesson,
      exercises: exercises.map(({ name }) => ({ name, passedAt: known[`${lesson}/${name}`]?.at ?? null })),
    }));
    const all = lessons.flatMap(({ exercises }) => exercises);
    const passed = all.filter(({ passedAt }) => passedAt !== null).length;
    if (json) {
      console.log(JSON.stringify({ file, passed, total: all.length, lessons }));
      return;
    }
    const width = Math.max(...lessons.map(({ lesson }) => lesson.length));
    for (const { lesson, exercises } of lessons) {
      const marks = exercises.map(({ name, passedAt }) => `${passedAt === null ? "○" : "✓"} ${name}`);
      console.log(`${lesson.padEnd(width)}  ${marks.join("  ")}`);
    }
    console.log(`${passed} of ${all.length} exercises passed`);
  });
