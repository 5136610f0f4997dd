import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { loadCheckpoint } from "../../src/model/checkpoint.ts";
import type { Policy } from "../../src/model/policy.ts";
import { Transformer } from "../../src/model/transformer.ts";
import { assemblePretraining } from "../../src/runs/assemble-pretraining.ts";
import { assertSameBits, checkTiers } from "../../src/runs/check-tiers.ts";
import { builtPath } from "../../src/runs/package-root.ts";
import {
  type PretrainTierOptions,
  pretrainTier,
  type TierOutcome,
  type TierProgress,
} from "../../src/runs/pretrain-tier.ts";
import { pretrainTiers } from "../../src/runs/pretrain-tiers.ts";
import type { TierTask } from "../../src/runs/pretrain-worker.ts";
import { readSealedJson, sealJson } from "../../src/runs/sealed-json.ts";
import type { TierRequest } from "../../src/runs/tier-key.ts";
import { findTier, writeTierIndex } from "../../src/runs/tier-store.ts";
import type { FromWorker, ToWorker } from "../../src/runs/worker-messages.ts";
import type { WorldSettings } from "../../src/tasks/micro/world.ts";
import { temporaryDirectory } from "./tiny-base.ts";
import { TINY_STEPS, tinyTier } from "./tiny-tier.ts";

interface Folders {
  readonly out: string;
  readonly work: string;
}

function newFolders(): Folders {
  const root = temporaryDirectory();
  return { out: join(root, "out"), work: join(root, "work") };
}

async function pretrainTiny(
  folders: Folders,
  { request = tinyTier(), ...options }: Partial<PretrainTierOptions> & { request?: TierRequest } = {},
): Promise<TierOutcome & { firstStep: number | undefined; notices: string[] }> {
  const notices: string[] = [];
  const steps: number[] = [];
  const outcome = await pretrainTier(request, {
    ...folders,
    checkpointEverySteps: 7,
    onNotice: (text) => notices.push(text),
    onProgress: ({ step }) => steps.push(step),
    ...options,
  });
  return { ...outcome, firstStep: steps[0], notices };
}

async function stopAfter(step: number, folders: Folders): Promise<void> {
  const stopping = new AbortController();
  const onProgress = (progress: { step: number }) => {
    if (progress.step === step) stopping.abort();
  };
  await expect(pretrainTiny(folders, { signal: stopping.signal, onProgress })).rejects.toMatchObject({
    code: "run/interrupted",
  });
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

const contents = (directory: string): Record<string, string> =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "hex")]));
const tierFolder = ({ out }: Folders): string => join(out, "tiny-1");
const workFolder = ({ work }: Folders): string => join(work, readdirSync(work)[0]);

/** A tier made in one go; what all others are compared with. */
const original = mkdtempSync(join(tmpdir(), "labelfree-test-"));
let straight: { readonly outcome: TierOutcome; readonly files: Record<string, string> };
beforeAll(async () => {
  const folders = { out: join(original, "out"), work: join(original, "work") };
  const { record, isNew } = await pretrainTiny(folders);
  straight = { outcome: { record, isNew }, files: contents(tierFolder(folders)) };
});
afterAll(() => rmSync(original, { recursive: true }));

/** New folders in which the tier is there and whole. */
function copyOfOriginal(): Folders {
  const folders = newFolders();
  cpSync(join(original, "out"), folders.out, { recursive: true });
  return folders;
}

/** A world that even a tiny tier learns to answer in: by a guess. */
const DIRECT_SUMS: Partial<WorldSettings> = {
  formShares: { sum: 1, story: 0, choice: 0, program: 0 },
  styleShares: { chainOfThought: 0, direct: 1, junk: 0, checked: 0 },
};

describe("a tier pre-trained in one go", () => {
  it("is a checkpoint of the averaged weights with a record beside it, the same on two threads", async () => {
    const folders = newFolders();
    const { record, isNew, firstStep } = await pretrainTiny(folders, { threads: 2 });
    expect({ record, isNew, firstStep }).toEqual({ ...straight.outcome, firstStep: 0 });
    expect(readdirSync(tierFolder(folders)).sort()).toEqual(["config.json", "model.safetensors", "tier.json"]);
    expect(readSealedJson(join(tierFolder(folders), "tier.json"))).toEqual(record);
    expect(record).toMatchObject({ ...tinyTier(), steps: TINY_STEPS, placementAccuracy: expect.any(Number) });

    const { config, weights, sha256 } = loadCheckpoint(tierFolder(folders));
    expect(sha256).toBe(record.sha256);
    expect(config).toMatchObject({ family: "qwen2", vocabularySize: 37, tiedEmbeddings: true, headSize: 4 });
    const device = await createWasmDevice();
    expect(await Transformer.create(device, config, weights).weightsHash()).toBe(record.weightsHash);
  });

  it("leaves the rows of its steps in the work folder, and no checkpoint", () => {
    const folders = { out: join(original, "out"), work: join(original, "work") };
    expect(readdirSync(workFolder(folders)).sort()).toEqual(["metrics.jsonl", "placements.jsonl"]);
    const rows = readFileSync(join(workFolder(folders), "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(rows.map((row) => JSON.parse(row).step)).toEqual(Array.from({ length: TINY_STEPS }, (_, i) => i + 1));
    expect(JSON.parse(rows[TINY_STEPS - 1]).loss).toBeLessThan(JSON.parse(rows[0]).loss);
  });

  it("learns from the corpus of its own world, and from that of no other", async () => {
    const requestIn = (world: Partial<WorldSettings>): TierRequest => {
      const request = tinyTier({ steps: 2 });
      return { ...request, settings: { ...request.settings, world } };
    };
    const records = await Promise.all(
      [{}, DIRECT_SUMS, { corpusLevelWeights: [0, 0, 0, 0, 1] as const }].map(async (world) => {
        return (await pretrainTiny(newFolders(), { request: requestIn(world) })).record;
      }),
    );
    expect(new Set(records.map(({ weightsHash }) => weightsHash)).size).toBe(3);
    expect(new Set(records.map(({ world }) => world)).size).toBe(3);
  });

  it("starts with an average equal to the weights", async () => {
    const device = await createWasmDevice();
    const { options } = assemblePretraining(tinyTier().settings, { seed: 1, device });
    const hash = (policy: Policy) => policy.transformer.weightsHash();
    expect(await hash(options.average)).toBe(await hash(options.policy));
  });
});

describe("an interrupted pre-training", () => {
  it.each([1, 16, 29])("stopped after step %i ends in the same files", async (step) => {
    const folders = newFolders();
    await stopAfter(step, folders);
    expect(existsSync(folders.out)).toBe(false);
    const { record, firstStep, notices } = await pretrainTiny(folders);
    expect({ record, firstStep, notices }).toEqual({ record: straight.outcome.record, firstStep: step, notices: [] });
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });

  it("stopped again and again ends in the same files", async () => {
    const folders = newFolders();
    for (const step of [3, 4, 12, 13, 25]) await stopAfter(step, folders);
    await pretrainTiny(folders);
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });

  it("killed by SIGKILL goes on from its checkpoint to the same files", async () => {
    const folders = newFolders();
    const worker = fork(builtPath("runs/pretrain-worker.js"), [], { execArgv: [] });
    worker.on("message", (message: FromWorker<TierProgress, TierOutcome>) => {
      if (message.kind === "progress" && message.progress.step === 17) worker.kill("SIGKILL");
    });
    const task: TierTask = { request: tinyTier(), options: { ...folders, checkpointEverySteps: 7 } };
    const message: ToWorker<TierTask> = { kind: "task", task };
    worker.send(message);
    expect((await once(worker, "exit"))[1]).toBe("SIGKILL");
    expect(existsSync(folders.out)).toBe(false);
    const { firstStep } = await pretrainTiny(folders);
    expect([14, 21, 28]).toContain(firstStep); // the worker may get a little further than its last word
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });

  it("killed while it wrote the tier, with its last checkpoint there, only writes the tier again", async () => {
    const folders = newFolders();
    writeFileSync(folders.out, ""); // the tier cannot be written
    await expect(pretrainTiny(folders)).rejects.toMatchObject({ code: expect.stringMatching(/^file\//) });
    rmSync(folders.out);
    const { firstStep } = await pretrainTiny(folders);
    expect(firstStep).toBe(TINY_STEPS);
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });

  it("with a damaged checkpoint goes on from the one before, with a notice", async () => {
    const folders = newFolders();
    await stopAfter(16, folders);
    flip(join(workFolder(folders), "checkpoint", "average.safetensors"));
    const { firstStep, notices } = await pretrainTiny(folders);
    expect(firstStep).toBe(14);
    expect(notices).toEqual([expect.stringContaining("average.safetensors")]);
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });
});

describe("a tier that is there", () => {
  it("and whole is only read, unless forced", async () => {
    const folders = copyOfOriginal();
    const again = await pretrainTiny(folders);
    expect(again).toMatchObject({ record: straight.outcome.record, isNew: false, firstStep: undefined, notices: [] });
    const forced = await pretrainTiny(folders, { force: true });
    expect(forced).toMatchObject({ record: straight.outcome.record, isNew: true, firstStep: 0 });
  });

  it.each([
    ["model.safetensors", "model.safetensors is not as it was written"],
    ["tier.json", "tier.json is missing or not as it was written"],
  ])("with a flipped byte in %s is made again with a notice", async (name, problem) => {
    const folders = copyOfOriginal();
    flip(join(tierFolder(folders), name));
    const { isNew, notices } = await pretrainTiny(folders);
    expect(isNew).toBe(true);
    expect(notices).toEqual([expect.stringContaining(`made again: ${problem}`)]);
    expect(contents(tierFolder(folders))).toEqual(straight.files);
  });

  it("without config.json, or with another one, is not whole", () => {
    const folders = copyOfOriginal();
    const path = join(tierFolder(folders), "config.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"rope_theta": 10000', '"rope_theta": 20000'));
    expect(findTier(folders.out, tinyTier()).problem).toContain("config.json");
    rmSync(path);
    expect(findTier(folders.out, tinyTier()).problem).toContain("config.json");
  });

  it("with other settings is made again with a notice", async () => {
    const folders = copyOfOriginal();
    const { record, notices } = await pretrainTiny(folders, { request: tinyTier({ steps: 5 }) });
    expect(record.steps).toBe(5);
    expect(notices).toEqual([expect.stringContaining("other settings")]);
  });
});

describe("placement", () => {
  it("that is reached ends pre-training, and a kill before the tier is written changes nothing", async () => {
    const requestOf = (accuracy: number): TierRequest => {
      const request = tinyTier({ steps: 60, learningRate: 0.02, placement: { accuracy, everySteps: 20 } });
      return { ...request, settings: { ...request.settings, world: DIRECT_SUMS } };
    };
    const { fields } = await pretrainTiny(newFolders(), { request: requestOf(2) }).catch((error) => error);
    expect(fields.best).toBeGreaterThan(0);
    const request = requestOf(fields.best);

    const folders = newFolders();
    writeFileSync(folders.out, "");
    await expect(pretrainTiny(folders, { request })).rejects.toMatchObject({ code: expect.stringMatching(/^file\//) });
    rmSync(folders.out);
    const { record, firstStep } = await pretrainTiny(folders, { request });
    expect(firstStep).toBe(fields.bestStep);
    expect(record).toMatchObject({ steps: fields.bestStep, placementAccuracy: fields.best });
  });

  it("that is not reached is an error that says how far it came, again at the next try, and leaves no tier", async () => {
    const request = tinyTier({ steps: 6, placement: { accuracy: 0.9, everySteps: 5 } });
    const folders = newFolders();
    for (const _ of [1, 2]) {
      await expect(pretrainTiny(folders, { request })).rejects.toMatchObject({
        code: "pretrain/not-placed",
        message: expect.stringMatching(
          /^tiny-1: placement not reached, got .* at best \(step \d of 6\), expected 0\.9;/,
        ),
        fields: { target: 0.9, best: expect.any(Number), steps: 6 },
      });
    }
    expect(existsSync(folders.out)).toBe(false);
    expect(existsSync(join(workFolder(folders), "checkpoint", "average.safetensors"))).toBe(true);
  });
});

describe("several tiers", () => {
  it("are pre-trained side by side; one that fails does not stop the others, and the index lists the whole", async () => {
    const folders = newFolders();
    const impossible = { ...tinyTier({ placement: { accuracy: 1, everySteps: 30 } }), tier: "never" };
    const notices: string[] = [];
    const requests = [tinyTier({}, 10), impossible, tinyTier({}, 1)];
    const running = pretrainTiers(requests, { ...folders, jobs: 2, onNotice: (text) => notices.push(text) });
    await expect(running).rejects.toMatchObject({
      code: "pretrain/failed",
      message: expect.stringMatching(/1 of 3 tiers failed, the others are done:\n {2}never-1: placement not reached/),
    });
    expect(notices).toHaveLength(1);
    expect(contents(tierFolder(folders))).toEqual(straight.files);

    const path = join(folders.out, "index.json");
    const bytes = readFileSync(path, "utf8");
    const { sha256, weightsHash, placementAccuracy } = straight.outcome.record;
    const { tiers } = JSON.parse(bytes);
    expect(tiers.map(({ seed }: { seed: number }) => seed)).toEqual([1, 10]);
    expect(tiers[0]).toEqual({ tier: "tiny", seed: 1, steps: TINY_STEPS, placementAccuracy, sha256, weightsHash });

    expect(tiers[1].weightsHash).not.toBe(weightsHash);
    expect(writeTierIndex(folders.out)).toBe(path);
    expect(readFileSync(path, "utf8")).toBe(bytes);
    flip(join(tierFolder(folders), "model.safetensors"));
    writeTierIndex(folders.out);
    expect(JSON.parse(readFileSync(path, "utf8")).tiers).toHaveLength(1);
  });

  it("are read where they are whole, with a word where they come from other sources", async () => {
    const folders = copyOfOriginal();
    const notices: string[] = [];
    const read = () => pretrainTiers([tinyTier()], { ...folders, onNotice: (text) => notices.push(text) });
    expect(await read()).toEqual([{ record: straight.outcome.record, isNew: false }]);
    expect(notices).toEqual([]);

    const record = { ...straight.outcome.record, source: "0".repeat(64) };
    writeFileSync(join(tierFolder(folders), "tier.json"), sealJson(record));
    expect(await read()).toEqual([{ record, isNew: false }]);
    expect(notices).toEqual([expect.stringMatching(/other sources than these: tiny-1; --check/)]);
  });

  it("stop together and say how many are done", async () => {
    const folders = newFolders();
    const stopping = new AbortController();
    const running = pretrainTiers([tinyTier({ steps: 100_000 }), tinyTier({}, 2)], {
      ...folders,
      jobs: 1,
      signal: stopping.signal,
      onProgress: (_, { step }) => step === 3 && stopping.abort(),
    });
    await expect(running).rejects.toMatchObject({
      code: "run/interrupted",
      message: expect.stringContaining("stopped with 0 of 2 tiers done"),
    });
    expect(existsSync(join(workFolder(folders), "checkpoint", "state.json"))).toBe(true);
  });
});

describe("checking tiers", () => {
  it("trains again and tells the same bits from others, writing nothing", async () => {
    const folders = copyOfOriginal();
    const { sha256 } = straight.outcome.record;
    const check = () => checkTiers([tinyTier()], { out: folders.out });
    const same = { tier: "tiny", seed: 1, committed: sha256, trained: sha256, isSame: true, problem: null };
    expect(await check()).toEqual([same]);
    expect(() => assertSameBits([same])).not.toThrow();

    flip(join(tierFolder(folders), "model.safetensors"));
    const before = contents(tierFolder(folders));
    const damaged = { ...same, isSame: false, problem: "model.safetensors is not as it was written" };
    expect(await check()).toEqual([damaged]);
    expect(contents(tierFolder(folders))).toEqual(before);
    expect(readdirSync(folders.out)).toEqual(["tiny-1"]);
  });

  it("ends in an error with both hashes where they differ", () => {
    const tier = { tier: "tiny", seed: 1, committed: "aa", trained: "bb", isSame: false, problem: null };
    const same = { ...tier, seed: 2, trained: "aa", isSame: true };
    const absent = { ...tier, seed: 3, committed: null, problem: "it is not there" };
    expect(() => assertSameBits([tier, same, absent])).toThrow(
      "check: 2 of 3 tiers are not the same bits:" +
        "\n  tiny-1: got bb, expected aa\n  tiny-3: got bb, expected a record (it is not there)",
    );
  });
});
