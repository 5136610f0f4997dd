import { Command } from "commander";
import { notebookDiffCommand } from "./notebook-diff.ts";
import { notebookExportCommand } from "./notebook-export.ts";
import { notebookNewCommand } from "./notebook-new.ts";
import { notebookRunCommand } from "./notebook-run.ts";
import { notebookStripCommand } from "./notebook-strip.ts";
import { notebookVerifyCommand } from "./notebook-verify.ts";

export const notebookCommand = new Command("notebook")
  .description("run, verify, compare, export, strip and make notebooks")
  .addCommand(notebookRunCommand)
  .addCommand(notebookVerifyCommand)
  .addCommand(notebookDiffCommand)
  .addCommand(notebookExportCommand)
  .addCommand(notebookStripCommand)
  .addCommand(notebookNewCommand);
