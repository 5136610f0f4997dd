import { isLabelfreeError, LabelfreeError } from "../../core/errors.ts";
import type { ErrorReport } from "../evaluation/types.ts";
import type { JsonObject } from "../wire/message.ts";

/**
 * A text of a request's content.
 * @throws LabelfreeError `kernel/bad-request`.
 */
export function text(content: JsonObject, name: string): string {
  const value = content[name];
  if (typeof value === "string") return value;
  throw new LabelfreeError("kernel/bad-request", `${name}: got ${typeof value}, expected a text`);
}

/** The cursor of a request in code points, the end of the code where none is given. */
export function cursor(content: JsonObject): number {
  const { cursor_pos: position } = content;
  let length = 0;
  for (const _ of text(content, "code")) length += 1;
  return typeof position === "number" && position >= 0 ? Math.min(Math.floor(position), length) : length;
}

/** The user_expressions of an execute request, those that are texts. */
export function toExpressions(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, expression]) => typeof expression === "string"));
}

/** An error of the kernel itself as a reply has it. */
export function toReport(error: unknown): ErrorReport {
  const ename = isLabelfreeError(error) ? error.code : error instanceof Error ? error.name : "Error";
  const evalue = error instanceof Error ? error.message : String(error);
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
