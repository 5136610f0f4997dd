// The thread that TypeScript runs in: one question after another, each answered or its error told.

import { parentPort, workerData } from "node:worker_threads";
import { CellChecker } from "./cell-checker.ts";
import type { LanguageAnswer, LanguageReply, LanguageRequest } from "./language-messages.ts";
import { createTypeScript6Engine } from "./typescript6-engine.ts";

const { cwd } = workerData as { readonly cwd: string };
const checker = new CellChecker(createTypeScript6Engine(cwd));

parentPort?.on("message", (request: LanguageRequest) => {
  if (request.kind === "cell") {
    try {
      checker.addCell(request.cell);
    } catch {
      // a cell that the checker cannot take is unknown to later cells; it has run all the same
    }
    return;
  }
  parentPort?.postMessage(reply(request));
});

type Question = Exclude<LanguageRequest, { kind: "cell" }>;

function reply(question: Question): LanguageReply {
  const { id } = question;
  try {
    return { id, answer: answer(question) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function answer(question: Question): LanguageAnswer {
  switch (question.kind) {
    case "diagnostics":
      return checker.diagnostics(question.code);
    case "complete":
      return checker.complete(question.code, question.cursorPos);
    case "inspect":
      return checker.inspect(question.code, question.cursorPos, question.detailLevel);
  }
}
