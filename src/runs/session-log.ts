import { join } from "node:path";
import { writeFileAtomic } from "../core/atomic-file.ts";
import { type Environment, timeStamp } from "./environment.ts";
import { readSealedJson, sealJson } from "./sealed-json.ts";

/** One process's part in a run. */
export interface Session extends Environment {
  readonly startedAt: string; // ISO 8601, UTC
  /** null while it goes on, and for ever if it was killed. */
  readonly endedAt: string | null;
  readonly fromStep: number;
  readonly toStep: number | null;
  /** What was not as it should be, e.g. a damaged checkpoint that was passed over. */
  readonly notices: readonly string[];
}

/** Notes in environment.json that a session begins, and returns a function that notes how far it came. */
export function beginSession(
  directory: string,
  environment: Environment,
  { fromStep, notices }: { fromStep: number; notices: readonly string[] },
): (toStep: number) => void {
  const path = join(directory, "environment.json");
  const earlier = readSealedJson<{ sessions: readonly Session[] }>(path)?.sessions ?? [];
  const session: Session = { ...environment, startedAt: timeStamp(), endedAt: null, fromStep, toStep: null, notices };
  const write = (last: Session) => writeFileAtomic(path, sealJson({ sessions: [...earlier, last] }));
  write(session);
  return (toStep) => write({ ...session, endedAt: timeStamp(), toStep });
}
