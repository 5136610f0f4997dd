// Which exercises a learner has passed, in one file of the user, so that it stays when notebooks are written anew.

import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readJsonFile, writeFileAtomic } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";

const progressSchema = z.object({ version: z.literal(1), passed: z.record(z.string(), z.object({ at: z.string() })) });

export type LessonProgress = z.infer<typeof progressSchema>;

const NOTHING: LessonProgress = { version: 1, passed: {} };

/** Where the progress of this user lies: under XDG_STATE_HOME, else ~/.local/state. */
export function progressFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "labelfree", "lessons.json");
}

/** @throws LabelfreeError `file/...`, or `lessons/progress` for a file that is no such record. */
export function readProgress(path: string): LessonProgress {
  if (!existsSync(path)) return NOTHING;
  const parsed = progressSchema.safeParse(readJsonFile(path));
  if (parsed.success) return parsed.data;
  const message = `${path}: not a record of lessons, got other fields than version 1 and passed; move it away to begin anew`;
  throw new LabelfreeError("lessons/progress", message, { fields: { path } });
}

/**
 * Notes that an exercise, as "lesson/exercise", was passed; the first time counts.
 * @throws LabelfreeError as readProgress does, or `file/...` where it cannot be written.
 */
export function recordPassed(path: string, exercise: string, at: string): void {
  const progress = readProgress(path);
  if (progress.passed[exercise] !== undefined) return;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch {
    // the write below says what is wrong, with the next step
  }
  const passed = { ...progress.passed, [exercise]: { at } };
  writeFileAtomic(path, `${JSON.stringify({ ...progress, passed }, null, 2)}\n`);
}
