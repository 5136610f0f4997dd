import { Command } from "commander";
import { notebookDiffCommand } from "./notebook-diff.ts";
import { notebookExportCommand } from "./notebook-export.ts";
import { notebookLessonsCommand } from "./notebook-lessons.ts";
import { notebookNewCommand } from "./notebook-new.ts";
import { notebookProgressCommand } from "./notebook-progress.ts";
import { notebookRunCommand } from "./notebook-run.ts";
import { notebookStripCommand } from "./notebook-strip.ts";
import { notebookVerifyCommand } from "./notebook-verify.ts";

export const notebookCommand = new Command("notebook")
  .description("run, verify, compare, export, strip and make notebooks; the lessons")
  .addCommand(notebookRunCommand)
  .addCommand(notebookVerifyCommand)
  .addCommand(notebookDiffCommand)
  .addCommand(notebookExportCommand)
  .addCommand(notebookStripCommand)
  .addCommand(notebookNewCommand)
  .addCommand(notebookLessonsCommand)
  .addCommand(notebookProgressCommand);
