import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { hashBytes } from "../../src/core/hash.ts";
import { Random } from "../../src/core/random.ts";
import { loadCheckpoint, saveCheckpoint } from "../../src/model/checkpoint.ts";
import { parameterShapes, type TransformerConfig, toHuggingFaceConfig } from "../../src/model/config.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { type FloatType, SafetensorsFile, type TensorToWrite, writeSafetensors } from "../../src/model/safetensors.ts";
import { sharedPath } from "../shared.ts";
import { tinyConfig } from "./tiny-config.ts";

const root = mkdtempSync(join(tmpdir(), "labelfree-checkpoint-"));
afterAll(() => rmSync(root, { recursive: true }));

let dir = "";
let folders = 0;
beforeEach(() => {
  dir = join(root, `checkpoint-${folders++}`);
  mkdirSync(dir);
});

function tensorsOf(config: TransformerConfig, dtype?: FloatType): Map<string, TensorToWrite> {
  const weights = initialWeights(config, Random.fromSeed(7));
  return new Map(
    parameterShapes(config).map(({ name, shape }) => [
      name,
      { shape, data: weights.get(name) as Float32Array, ...(dtype === undefined ? {} : { dtype }) },
    ]),
  );
}

function writeConfig(config: TransformerConfig): void {
  writeFileSync(join(dir, "config.json"), JSON.stringify(toHuggingFaceConfig(config)));
}

function writeSingle(config: TransformerConfig, tensors: ReadonlyMap<string, TensorToWrite>): void {
  writeConfig(config);
  writeFileSync(join(dir, "model.safetensors"), writeSafetensors(tensors));
}

/** Puts even tensors into one shard and odd ones into another; returns the index that lists them. */
function writeSharded(config: TransformerConfig, tensors: ReadonlyMap<string, TensorToWrite>): Record<string, string> {
  writeConfig(config);
  const weightMap: Record<string, string> = {};
  for (const shard of [0, 1]) {
    const part = new Map([...tensors].filter((_, index) => index % 2 === shard));
    const file = `model-0000${shard + 1}-of-00002.safetensors`;
    for (const name of part.keys()) weightMap[name] = file;
    writeFileSync(join(dir, file), writeSafetensors(part));
  }
  writeIndex({ metadata: { total_size: 1 }, weight_map: weightMap });
  return weightMap;
}

function writeIndex(index: unknown): void {
  writeFileSync(join(dir, "model.safetensors.index.json"), JSON.stringify(index));
}

const config = tinyConfig();
const weights = initialWeights(config, Random.fromSeed(7));

describe("checkpoint", () => {
  it("is loaded as it was saved, with the hash of its weights file", () => {
    const { sha256 } = saveCheckpoint(join(dir, "new"), config, weights, { note: "x" });
    const loaded = loadCheckpoint(join(dir, "new"));
    expect(loaded).toEqual({ config, weights, sha256 });
    expect([...loaded.weights.keys()]).toEqual(parameterShapes(config).map(({ name }) => name));
    expect(sha256).toBe(hashBytes(readFileSync(join(dir, "new/model.safetensors"))));
    expect(readdirSync(join(dir, "new")).sort()).toEqual(["config.json", "model.safetensors"]);
    const file = new SafetensorsFile(join(dir, "new/model.safetensors"));
    file.close();
    expect(file.metadata).toEqual({ format: "pt", note: "x" });
  });

  it("in shards gives the same weights as in one file", () => {
    writeSharded(config, tensorsOf(config));
    const loaded = loadCheckpoint(dir);
    expect(loaded.weights).toEqual(weights);
    expect(loaded.sha256).toBe(
      hashBytes(
        ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
          .map((file) => `${file} ${hashBytes(readFileSync(join(dir, file)))}\n`)
          .join(""),
      ),
    );
  });

  it("in bfloat16 is widened to the values it holds", () => {
    writeSingle(config, tensorsOf(config, "BF16"));
    const loaded = loadCheckpoint(dir).weights.get("lm_head.weight") as Float32Array;
    const exact = weights.get("lm_head.weight") as Float32Array;
    expect(new Uint32Array(loaded.buffer).every((bits) => (bits & 0xffff) === 0)).toBe(true);
    for (const [i, value] of loaded.entries()) expect(Math.abs(value / exact[i] - 1)).toBeLessThanOrEqual(2 ** -8);
  });

  it("with tied embeddings loads without an output matrix and ignores one that is there", () => {
    const tied = tinyConfig({ tiedEmbeddings: true });
    const tensors = tensorsOf(tied);
    writeSingle(tied, tensors);
    const without = loadCheckpoint(dir).weights;
    writeSingle(tied, new Map([...tensors, ["lm_head.weight", { shape: [1], data: new Float32Array(1) }]]));
    const beside = loadCheckpoint(dir).weights;
    expect(beside).toEqual(without);
    expect(beside.has("lm_head.weight")).toBe(false);
  });

  it("of an old LLaMA loads past its rotary buffers", () => {
    const llama = tinyConfig({ family: "llama", qkvBias: false });
    const buffer = { shape: [1], data: Float32Array.of(1) };
    writeSingle(llama, new Map([...tensorsOf(llama), ["model.layers.0.self_attn.rotary_emb.inv_freq", buffer]]));
    expect(loadCheckpoint(dir).weights.size).toBe(parameterShapes(llama).length);
  });

  it("with missing, unexpected and misshaped tensors gives one error that lists them all", () => {
    const tensors = tensorsOf(config);
    tensors.delete("lm_head.weight");
    tensors.set("model.norm.weight", { shape: [9], data: new Float32Array(9) });
    tensors.set("score.weight", { shape: [1], data: new Float32Array(1) });
    writeSingle(config, tensors);
    expect(() => loadCheckpoint(dir)).toThrow(
      expect.objectContaining({
        code: "checkpoint/wrong-tensors",
        fields: {
          dir,
          problems: [
            "model.norm.weight has shape [9], expected [8]",
            "lm_head.weight is missing",
            "score.weight is unexpected",
          ],
        },
      }),
    );
  });

  it("whose index and shards disagree names the tensor and the shard", () => {
    const weightMap = writeSharded(config, tensorsOf(config));
    writeIndex({ weight_map: { ...weightMap, "lm_head.weight": "model-00002-of-00002.safetensors" } });
    expect(() => loadCheckpoint(dir)).toThrow("lm_head.weight is missing from model-00002-of-00002.safetensors");
  });

  it("with a shard that is not there names its path", () => {
    writeSharded(config, tensorsOf(config));
    rmSync(join(dir, "model-00002-of-00002.safetensors"));
    expect(() => loadCheckpoint(dir)).toThrow(/file.*model-00002-of-00002\.safetensors/);
  });

  it.each([
    ["no weight map", { metadata: {} }, "weight_map is missing"],
    ["a path out of the folder", { weight_map: { a: "../other.safetensors" } }, 'a is in "../other.safetensors"'],
    ["another kind of file", { weight_map: { a: "pytorch_model.bin" } }, "expected the name of a .safetensors file"],
  ])("with %s in its index is refused", (_, index, message) => {
    writeConfig(config);
    writeIndex(index);
    expect(() => loadCheckpoint(dir)).toThrow(
      expect.objectContaining({ code: "checkpoint/bad-index", message: expect.stringContaining(message) }),
    );
  });

  it("without weights or without a folder says what was looked for", () => {
    writeConfig(config);
    expect(() => loadCheckpoint(dir)).toThrow("no model.safetensors and no model.safetensors.index.json");
    expect(() => loadCheckpoint(join(dir, "none"))).toThrow(join(dir, "none", "config.json"));
  });

  it("is not saved with weights that do not fit its configuration, and nothing is written", () => {
    const target = join(dir, "bad");
    const short = new Map(weights).set("model.norm.weight", new Float32Array(7));
    expect(() => saveCheckpoint(target, config, short)).toThrow("model.norm.weight has 7 values, expected 8 for [8]");
    const extra = new Map(weights).set("score.weight", new Float32Array(1));
    expect(() => saveCheckpoint(target, config, extra)).toThrow("the configuration has no parameter score.weight");
    const tied = tinyConfig({ tiedEmbeddings: true });
    expect(() => saveCheckpoint(target, tied, weights)).toThrow("no parameter lm_head.weight");
    const odd = tinyConfig({ family: "mistral" });
    expect(() => saveCheckpoint(target, odd, weights)).toThrow("family mistral has no q/k/v biases");
    expect(readdirSync(dir)).toEqual([]);
  });

  it("that cannot be written under a file says so", () => {
    writeFileSync(join(dir, "file"), "");
    expect(() => saveCheckpoint(join(dir, "file/sub"), config, weights)).toThrow(
      expect.objectContaining({ code: "file/not-writable" }),
    );
  });
});

const golden = sharedPath("golden/qwen2-tiny");
describe.skipIf(golden === undefined)("golden checkpoint (needs golden/qwen2-tiny)", () => {
  it("loads with the listed shape, sum, norm and first values of each tensor", () => {
    const { config: goldenConfig, weights: loaded, sha256 } = loadCheckpoint(golden as string);
    const expected = JSON.parse(readFileSync(join(golden as string, "expected.json"), "utf8")).weights;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([...loaded.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const { name, shape } of parameterShapes(goldenConfig)) {
      const values = loaded.get(name) as Float32Array;
      expect(shape).toEqual(expected[name].shape);
      expect([...values.subarray(0, 8)]).toEqual(expected[name].first8);
      expect(Math.abs(values.reduce((a, b) => a + b, 0) - expected[name].sum)).toBeLessThan(1e-9);
      const norm = Math.sqrt(values.reduce((a, b) => a + b * b, 0));
      expect(Math.abs(norm / expected[name].l2 - 1)).toBeLessThan(1e-12);
    }
  });
});
