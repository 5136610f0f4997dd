import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { parameterShapes, parseConfig, toHuggingFaceConfig } from "../../src/model/config.ts";
import { initialWeights } from "../../src/model/initial-weights.ts";
import { type PretrainingRow, pretrain } from "../../src/rl/pretraining.ts";
import { assemblePretraining } from "../../src/runs/assemble-pretraining.ts";
import { tierConfig } from "../../src/runs/tier-config.ts";
import { toTierKey } from "../../src/runs/tier-key.ts";
import { pretrainingBatch } from "../../src/tasks/micro/corpus.ts";
import { baseSeedsOf, TIER_NAMES, TIERS, type TierName, type TierSettings } from "../../src/tasks/micro/tiers.ts";
import { MICRO_WORLD, toWorld } from "../../src/tasks/micro/world.ts";

const ALL: readonly (readonly [name: TierName, settings: TierSettings])[] = TIER_NAMES.map((name) => [
  name,
  TIERS[name],
]);
const PLACED: Readonly<Record<string, number | null>> = { xs: 0.14, s: 0.2, m: 0.35, l: null };
const SHAPES: Readonly<Record<string, readonly number[]>> = { xs: [32, 2], s: [48, 3], m: [48, 3], l: [64, 3] };
const LADDER = ["t10", "t15", "t25", "t30", "t45"] as const;

const rankOf = (name: TierName) => name.split("-")[0];
const shapeOf = ({ hiddenSize, layers }: TierSettings) => [hiddenSize, layers];

describe("tiers", () => {
  it("are four by rank, a ladder between them, two other families and two other worlds", () => {
    expect(TIER_NAMES).toEqual([
      ...["xs", "s", "m", "l", ...LADDER],
      ...["xs-llama", "m-llama", "l-llama", "xs-mistral", "m-mistral", "l-mistral"],
      ...["xs-flat", "m-flat", "xs-checked", "l-checked"],
    ]);
  });

  it("have three pre-training seeds where they stand for the paper's sizes, two otherwise", () => {
    const seeds = Object.fromEntries(TIER_NAMES.map((name) => [name, baseSeedsOf(name)]));
    expect([seeds.xs, seeds.s, seeds.m, seeds.l]).toEqual(Array.from({ length: 4 }, () => [1, 2, 3]));
    for (const name of TIER_NAMES.slice(4)) expect(seeds[name], name).toEqual([1, 2]);
  });

  it.each(ALL)("%s divides its width into even heads and its heads into key-value groups", (_, tier) => {
    expect(tier.hiddenSize % (2 * tier.heads)).toBe(0);
    expect(tier.heads % tier.kvHeads).toBe(0);
    expect(tier.intermediateSize).toBe(3 * tier.hiddenSize);
    expect(tier.pretraining.warmupSteps).toBeLessThan(tier.pretraining.steps);
  });

  it.each(ALL)("%s has a configuration of its family that survives config.json", (name, tier) => {
    const config = tierConfig(tier);
    const family = name.includes("llama") ? "llama" : name.includes("mistral") ? "mistral" : "qwen2";
    expect(config).toMatchObject({ family, vocabularySize: 37, tiedEmbeddings: true, maxPositions: 128 });
    expect(config.qkvBias).toBe(family === "qwen2");
    expect(config.slidingWindow).toBe(family === "mistral" ? 40 : null);
    const biases = parameterShapes(config).filter((parameter) => parameter.name.endsWith(".bias"));
    expect(biases.length).toBe(family === "qwen2" ? 3 * tier.layers : 0);
    expect(parseConfig(JSON.parse(JSON.stringify(toHuggingFaceConfig(config))))).toEqual(config);
    expect(initialWeights(config, Random.fromSeed(1)).size).toBe(parameterShapes(config).length);
  });

  it.each(ALL.filter(([name]) => !name.startsWith("t")))(
    "%s has the shape and the target of its rank",
    (name, tier) => {
      expect(shapeOf(tier)).toEqual(SHAPES[rankOf(name)]);
      expect(tier.pretraining.placement?.accuracy ?? null).toBe(PLACED[rankOf(name)]);
      const { pretraining } = TIERS[rankOf(name) as "xs"];
      const steps = name === "xs-flat" ? 5000 : pretraining.steps; // flat guesses agree late
      expect(tier.pretraining).toEqual({ ...pretraining, steps });
    },
  );

  it("of the ladder differ from s and m in where they end only", () => {
    for (const [index, accuracy] of [0.1, 0.15, 0.25, 0.3, 0.45].entries()) {
      const { placement, ...pretraining } = TIERS[LADDER[index]].pretraining;
      expect(placement).toEqual({ accuracy, everySteps: 20 });
      for (const name of ["s", "m"] as const) {
        const { placement: _, ...others } = TIERS[name].pretraining;
        expect({ ...TIERS[LADDER[index]], pretraining }).toEqual({ ...TIERS[name], pretraining: others });
      }
    }
  });

  it.each(ALL)("%s has a world that can be, and keeps the evaluation sets", (name, { world }) => {
    const { evaluations, evaluationSeed } = toWorld(world);
    expect([evaluations, evaluationSeed]).toEqual([MICRO_WORLD.evaluations, MICRO_WORLD.evaluationSeed]);
    expect(Object.keys(world).length > 0).toBe(/flat|checked/.test(name));
  });

  it("of other families have a corpus like the first's, of other worlds another one", () => {
    const corpusOf = (name: TierName) => pretrainingBatch(Random.fromSeed(1), 200, toWorld(TIERS[name].world));
    expect(corpusOf("xs-mistral")).toEqual(corpusOf("xs"));
    for (const name of ["xs-flat", "xs-checked"] as const) expect(corpusOf(name)).not.toEqual(corpusOf("xs"));
  });

  it("have keys of their own, also where only family or world differ", () => {
    const keys = ALL.map(([, settings]) => toTierKey({ tier: "one", seed: 1, settings }));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(ALL.length);
    const worlds = new Map(ALL.map(([tier], index) => [tier, keys[index].world]));
    expect(worlds.get("m-llama")).toBe(worlds.get("xs"));
    expect(new Set([worlds.get("xs"), worlds.get("xs-flat"), worlds.get("xs-checked")]).size).toBe(3);
  });
});

describe("pre-training of tier", () => {
  it.each(ALL)("%s learns in its first steps", async (_, settings) => {
    const device = await createWasmDevice();
    try {
      const quick = { ...settings.pretraining, batchSize: 16, warmupSteps: 1 };
      const { options } = assemblePretraining({ ...settings, pretraining: quick }, { seed: 1, device });
      const before = await options.average.transformer.weightsHash();
      const rows: PretrainingRow[] = [];
      const end = await pretrain(options, { onStep: (row) => rows.push(row), shouldStop: () => rows.length === 8 });
      expect(end).toBe("stopped");
      expect(Math.abs(rows[0].loss - Math.log(37))).toBeLessThan(0.5);
      expect(rows[7].loss).toBeLessThan(rows[0].loss - 0.3);
      expect(await options.average.transformer.weightsHash()).not.toBe(before);
    } finally {
      await device.close();
    }
  });
});
