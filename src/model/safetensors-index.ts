import { basename, dirname, join } from "node:path";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";

/**
 * Reads `model.safetensors.index.json`: the full path of the shard that holds each tensor.
 * Throws "checkpoint/bad-index" if the file is not of the form {"weight_map": {tensor: file}} with plain file names.
 */
export function readSafetensorsIndex(path: string): Map<string, string> {
  const index = readJsonFile(path) as { readonly weight_map?: unknown } | null;
  const weightMap = index?.weight_map;
  if (typeof weightMap !== "object" || weightMap === null || Array.isArray(weightMap)) {
    throw badIndex(path, `weight_map is ${JSON.stringify(weightMap) ?? "missing"}, expected an object {tensor: file}`);
  }
  const shards = new Map<string, string>();
  for (const [tensor, file] of Object.entries(weightMap)) {
    if (typeof file !== "string" || file !== basename(file) || !file.endsWith(".safetensors")) {
      throw badIndex(
        path,
        `${tensor} is in ${JSON.stringify(file)}, expected the name of a .safetensors file beside the index`,
      );
    }
    shards.set(tensor, join(dirname(path), file));
  }
  return shards;
}

function badIndex(path: string, message: string): LabelfreeError {
  return new LabelfreeError("checkpoint/bad-index", `${path}: ${message}`, { fields: { path } });
}
