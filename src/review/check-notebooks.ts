import { LabelfreeError } from "../core/errors.ts";
import { findNotebooks } from "../workbook/find-notebooks.ts";
import type { KernelChoice } from "../workbook/kernel-choice.ts";
import type { Notebook } from "../workbook/notebook.ts";
import { type NotebookVerification, verifyNotebook } from "../workbook/verify-notebook.ts";
import { type Check, failed, guarded, notChecked } from "./check.ts";
import { firstDifference } from "./first-difference.ts";

const SECTION = "notebooks";

export interface NotebooksOptions {
  readonly kernelOf: (notebook: Notebook) => KernelChoice;
  readonly signal?: AbortSignal;
  readonly onNotebook: (path: string) => void;
}

/** Every notebook of a folder, executed again and compared with its stored outputs. */
export async function checkNotebooks(
  folder: string,
  { kernelOf, signal, onNotebook }: NotebooksOptions,
): Promise<Check[]> {
  const paths = findNotebooks(folder);
  if (paths.length === 0) return [notChecked({ section: SECTION, what: folder }, "none: there are no notebooks")];
  const checks: Check[] = [];
  for (const path of paths) {
    onNotebook(path);
    const made = await guarded({ section: SECTION, what: path }, "the stored outputs", async () => {
      const verified = await verifyNotebook(path, {
        ...{ tolerance: 0, kernelOf },
        ...(signal === undefined ? {} : { signal }),
      });
      if (verified.isInterrupted) throw new LabelfreeError("run/interrupted", "review: stopped; it keeps nothing");
      return toChecks(verified);
    });
    checks.push(...made);
  }
  return checks;
}

function toChecks({ file, cells, isWhole, isSame }: NotebookVerification): Check[] {
  const about = { section: SECTION, what: `${file}, executed again` } as const;
  if (!isWhole) {
    const why = `labelfree notebook run --resume ${file} ends it`;
    return [failed(about, "outputs of one whole run", "outputs of a run that did not end", why)];
  }
  const compared = cells.filter(({ state }) => state === "same" || state === "different").length;
  const left = cells.filter(({ state }) => state === "volatile").length;
  const why = left === 0 ? null : `${left} cells are declared volatile and not compared`;
  const all = `${compared} cells with the stored outputs`;
  if (isSame) return [{ ...about, expected: all, found: all, verdict: "passed", why }];
  return cells
    .filter(({ state }) => state === "different")
    .map(({ number, executionCount, differences }) => {
      const count = executionCount === null ? "" : ` (In [${executionCount}])`;
      const [first, ...others] = differences;
      const what = `${file}, cell ${number}${count}, ${first.what}`;
      const { expected, found } = firstDifference(first.expected, first.found) ?? first;
      const more = others.length === 0 ? [] : [`${others.length} more differences in the cell`];
      const told = ["stored is shown as expected, what the cell gives now as found", ...more].join("; ");
      return failed({ section: SECTION, what }, expected, found, told);
    });
}
