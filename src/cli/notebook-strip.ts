import { readFileSync } from "node:fs";
import { Command } from "commander";
import { writeFileAtomic } from "../core/atomic-file.ts";
import { formatNotebook, readNotebook } from "../workbook/notebook-file.ts";
import { stripNotebook } from "../workbook/strip-notebook.ts";

interface StripOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

export const notebookStripCommand = new Command("strip")
  .description("take out of notebooks what runs have put there: outputs, counts, injected parameters, timings")
  .argument("<files...>", "notebooks, changed in place")
  .option("--check", "write nothing; fail where there is something to take out")
  .option("--json", "print one line of JSON")
  .addHelpText(
    "after",
    `
Examples:
  labelfree notebook strip draft.ipynb
  labelfree notebook strip --check drafts/*.ipynb`,
  )
  .action((files: string[], { check = false, json = false }: StripOptions) => {
    const stripped = files.map((file) => {
      const text = formatNotebook(stripNotebook(readNotebook(file)));
      return { file, text, isBare: text === readFileSync(file, "utf8") };
    });
    for (const { file, text, isBare } of stripped) if (!check && !isBare) writeFileAtomic(file, text);
    const changed = stripped.filter(({ isBare }) => !isBare).map(({ file }) => file);
    const ok = !check || changed.length === 0;
    if (json) console.log(JSON.stringify({ files, changed, ok }));
    else for (const file of changed) console.log(check ? `not stripped  ${file}` : file);
    if (ok) return;
    console.error("labelfree notebook strip, without --check, strips them");
    process.exitCode = 1;
  });
