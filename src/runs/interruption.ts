import { isLabelfreeError, LabelfreeError } from "../core/errors.ts";

const CODE = "run/interrupted";

/** The error of work that was told to stop and has stored how far it came. */
export function interrupted(what: string): LabelfreeError {
  return new LabelfreeError(CODE, `${what}; start it again to go on from there`);
}

export function isInterruption(error: unknown): boolean {
  return isLabelfreeError(error, CODE);
}
