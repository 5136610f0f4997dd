import { hashJson } from "../../core/hash.ts";
import type { Problem } from "../task.ts";
import { VOCABULARY } from "./vocabulary.ts";
import type { WorldSettings } from "./world.ts";

/** SHA-256 (hex) of everything that a run's data depends on: tokens, world, and the named sets in their order. */
export function dataHash(world: WorldSettings, sets: Readonly<Record<string, readonly Problem[]>>): string {
  return hashJson({ vocabulary: VOCABULARY, world, sets });
}
