import { kernelInfo } from "../kernel/server/kernel-info.ts";
import { packageFacts } from "../runs/package-root.ts";
import type { Cell, CodeCell, Notebook } from "../workbook/notebook.ts";
import type { Lesson, LessonCell } from "./lesson.ts";
import type { Language, Text } from "./text.ts";

export interface LessonNotebookOptions {
  readonly language: Language;
  /** Put the solutions where the gaps are. Default false. */
  readonly solved?: boolean;
}

const SOLUTION: Text = { en: "Solution", ko: "풀이" };

/** The notebook of a lesson in a language, without outputs; its cells have the same ids each time. */
export function lessonNotebook(lesson: Lesson, options: LessonNotebookOptions): Notebook {
  const { language_info } = kernelInfo({ version: packageFacts().version, hasDebugger: true });
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { display_name: "TypeScript (labelfree)", language: "typescript", name: "labelfree" },
      labelfree: { lesson: lesson.name, language: options.language },
      language_info,
      title: lesson.title[options.language],
    },
    cells: lesson.cells.flatMap((cell) => toCells(cell, lesson, options)),
  };
}

function toCells(cell: LessonCell, lesson: Lesson, { language, solved = false }: LessonNotebookOptions): Cell[] {
  switch (cell.kind) {
    case "text":
      return [markdown(cell.id, cell.text[language])];
    case "parameters": {
      const declared = cell.hasChecks
        ? `let language: "en" | "ko" = ${JSON.stringify(language)}; // of the checks\n`
        : "";
      return [codeCell("parameters", `${declared}${cell.source}`, { tags: ["parameters"] })];
    }
    case "code":
      return [codeCell(cell.id, cell.source)];
    case "exercise": {
      const { name, gap, solution } = cell.exercise;
      const own = { labelfree: { exercise: `${lesson.name}/${name}` } };
      return [
        codeCell(name, solved ? solution : gap, own),
        {
          ...markdown(`${name}-solution`, hidden(SOLUTION[language], solution)),
          metadata: { labelfree: { solutionOf: `${lesson.name}/${name}` } },
        },
      ];
    }
  }
}

/** Folded where Markdown shows HTML: JupyterLab, VS Code, GitHub, nbconvert. */
function hidden(title: string, source: string): string {
  return `<details>\n<summary>${title}</summary>\n\n\`\`\`typescript\n${source}\n\`\`\`\n\n</details>`;
}

function markdown(id: string, source: string): Cell {
  return { cell_type: "markdown", id, metadata: {}, source };
}

function codeCell(id: string, source: string, metadata: Record<string, unknown> = {}): CodeCell {
  return { cell_type: "code", id, metadata, source, execution_count: null, outputs: [] };
}
