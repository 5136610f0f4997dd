// A checkpoint folder in Hugging Face layout: config.json and the weights, either model.safetensors or shards listed in
// model.safetensors.index.json. All names and shapes are compared with the configuration before any weight is read.

import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readJsonFile, writeError, writeFileAtomic } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { hashFile } from "../core/hash-file.ts";
import {
  type ParameterShape,
  parameterShapes,
  parseConfig,
  type TransformerConfig,
  toHuggingFaceConfig,
} from "./config.ts";
import { SafetensorsFile, type TensorToWrite, writeSafetensors } from "./safetensors.ts";
import { readSafetensorsIndex } from "./safetensors-index.ts";

export interface Checkpoint {
  readonly config: TransformerConfig;
  /** Parameters in canonical order, float32, row-major. */
  readonly weights: Map<string, Float32Array>;
  /** SHA-256 of model.safetensors, or, for shards, of the lines "file sha256" in order of their names. */
  readonly sha256: string;
}

const WEIGHTS_FILE = "model.safetensors";
const INDEX_FILE = "model.safetensors.index.json";
const CONFIG_FILE = "config.json";

/** Reads the configuration of a checkpoint folder alone. */
export function readConfig(dir: string): TransformerConfig {
  const path = join(dir, CONFIG_FILE);
  return parseConfig(readJsonFile(path), path);
}

/**
 * Loads a checkpoint folder. An output matrix beside tied embeddings and the rotary buffers of old LLaMA files are
 * ignored; any other missing, unexpected or misshaped tensor is an error "checkpoint/wrong-tensors" that lists them all.
 */
export function loadCheckpoint(dir: string): Checkpoint {
  const config = readConfig(dir);
  const tensorFiles = locateTensors(dir);
  const paths = [...new Set(tensorFiles.values())].sort();
  const files = new Map<string, SafetensorsFile>();
  try {
    for (const path of paths) files.set(path, new SafetensorsFile(path));
    checkTensors(dir, config, tensorFiles, files);
    const weights = new Map<string, Float32Array>();
    for (const { name } of parameterShapes(config)) {
      const file = files.get(tensorFiles.get(name) as string) as SafetensorsFile;
      weights.set(name, file.read(name).data);
    }
    return { config, weights, sha256: hashFiles(paths) };
  } finally {
    for (const file of files.values()) file.close();
  }
}

/**
 * Writes config.json and model.safetensors (float32) so that each file is whole or absent, and returns the SHA-256 of
 * the latter. Throws if the weights are not exactly those that the configuration asks for.
 */
export function saveCheckpoint(
  dir: string,
  config: TransformerConfig,
  weights: ReadonlyMap<string, Float32Array>,
  metadata: Readonly<Record<string, string>> = {},
): { sha256: string } {
  const expected = parameterShapes(config);
  const tensors = new Map<string, TensorToWrite>();
  for (const { name, shape } of expected) {
    const data = weights.get(name);
    if (data === undefined || data.length !== sizeOf(shape)) {
      throw new LabelfreeError(
        "checkpoint/wrong-tensors",
        `saveCheckpoint: ${name} has ${data?.length ?? "no"} values, expected ${sizeOf(shape)} for [${shape.join(", ")}]`,
        { fields: { name, shape } },
      );
    }
    tensors.set(name, { shape, data });
  }
  const extra = [...weights.keys()].find((name) => !tensors.has(name));
  if (extra !== undefined) {
    throw new LabelfreeError("checkpoint/wrong-tensors", `saveCheckpoint: the configuration has no parameter ${extra}`);
  }
  const configText = `${JSON.stringify(toHuggingFaceConfig(config), null, 2)}\n`;
  // "format" is what transformers asks of a file before it loads it.
  const bytes = writeSafetensors(tensors, { format: "pt", ...metadata });
  makeFolder(dir);
  writeFileAtomic(join(dir, WEIGHTS_FILE), bytes);
  writeFileAtomic(join(dir, CONFIG_FILE), configText);
  return { sha256: hashBytes(bytes) };
}

/** The path of the file that holds each tensor. */
function locateTensors(dir: string): Map<string, string> {
  const single = join(dir, WEIGHTS_FILE);
  if (existsSync(single)) {
    const file = new SafetensorsFile(single);
    file.close();
    return new Map(Array.from(file.entries.keys(), (name) => [name, single]));
  }
  const index = join(dir, INDEX_FILE);
  if (existsSync(index)) return readSafetensorsIndex(index);
  throw new LabelfreeError(
    "checkpoint/no-weights",
    `${dir}: no ${WEIGHTS_FILE} and no ${INDEX_FILE}; other weight formats (pytorch_model.bin, GGUF) must be converted first`,
    { fields: { dir } },
  );
}

function checkTensors(
  dir: string,
  config: TransformerConfig,
  tensorFiles: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, SafetensorsFile>,
): void {
  const expected = new Map(parameterShapes(config).map((parameter) => [parameter.name, parameter]));
  const problems: string[] = [];
  for (const { name, shape } of expected.values()) {
    const path = tensorFiles.get(name);
    const found = path === undefined ? undefined : files.get(path)?.entries.get(name);
    if (path === undefined) problems.push(`${name} is missing`);
    else if (found === undefined) problems.push(`${name} is missing from ${basename(path)}, where the index places it`);
    else if (found.shape.join() !== shape.join()) {
      problems.push(`${name} has shape [${found.shape.join(", ")}], expected [${shape.join(", ")}]`);
    }
  }
  for (const file of files.values()) {
    for (const name of file.entries.keys()) {
      if (!expected.has(name) && !isIgnored(name, config)) problems.push(`${name} is unexpected`);
    }
  }
  if (problems.length === 0) return;
  throw new LabelfreeError(
    "checkpoint/wrong-tensors",
    `${dir}: the weights do not fit ${CONFIG_FILE} (${config.family}, ${config.layers} layers, ` +
      `${config.tiedEmbeddings ? "tied" : "untied"} embeddings):\n  ${problems.join("\n  ")}`,
    { fields: { dir, problems } },
  );
}

function isIgnored(name: string, config: TransformerConfig): boolean {
  return (config.tiedEmbeddings && name === "lm_head.weight") || name.endsWith(".rotary_emb.inv_freq");
}

function hashFiles(paths: readonly string[]): string {
  if (paths.length === 1 && basename(paths[0]) === WEIGHTS_FILE) return hashFile(paths[0]);
  return hashBytes(paths.map((path) => `${basename(path)} ${hashFile(path)}\n`).join(""));
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (cause) {
    throw writeError(dir, cause);
  }
}

function sizeOf(shape: ParameterShape["shape"]): number {
  return shape.reduce((product, size) => product * size, 1);
}
