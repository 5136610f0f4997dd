import { text } from "node:stream/consumers";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { type Run, type RunSpec, toRun } from "../runs/spec.ts";

/**
 * Reads a run from a spec file, or from the standard input if `file` is "-".
 * @throws LabelfreeError `spec/unreadable` or `spec/invalid`.
 */
export async function readSpec(file: string): Promise<Run> {
  const name = file === "-" ? "standard input" : file;
  const spec = await readSpecJson(file, name);
  try {
    return toRun(spec as RunSpec);
  } catch (error) {
    if (!(error instanceof LabelfreeError)) throw error;
    const message = `${name}: not a valid spec\n${error.message.replaceAll(/^/gm, "  ")}`;
    throw new LabelfreeError(error.code, message, { fields: error.fields });
  }
}

async function readSpecJson(file: string, name: string): Promise<unknown> {
  try {
    return file === "-" ? JSON.parse(await text(process.stdin)) : readJsonFile(file);
  } catch (cause) {
    const message = `--spec ${name}: cannot be read as JSON; labelfree train --example prints a spec`;
    throw new LabelfreeError("spec/unreadable", message, { cause });
  }
}
