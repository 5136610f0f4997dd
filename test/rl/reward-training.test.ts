import { afterAll, describe, expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import type { METHODS } from "../../src/rl/methods.ts";
import type { StepMetrics } from "../../src/rl/metrics.ts";
import type { RunSettings } from "../../src/rl/settings.ts";
import { recording, tinyRun, tinySettings } from "./tiny-run.ts";

const device = await createWasmDevice();
afterAll(() => device.close());

async function finish(settings: RunSettings) {
  const run = tinyRun(device, settings);
  const { steps, ...hooks } = recording();
  const outcome = await run.trainer.run({ ...hooks, onStep: (row) => steps.push(row) });
  return { outcome, steps, hash: await run.policy.transformer.weightsHash() };
}

const NEW_METHODS: readonly (keyof typeof METHODS)[] = ["wrong", "empo", "rent", "mixed", "soft"];

describe("the other rewards in training", () => {
  test.each(NEW_METHODS)("%s: two runs of the same seed end in the same bits, in finite numbers", async (method) => {
    const [first, second] = [await finish(tinySettings(method)), await finish(tinySettings(method))];
    expect(first.outcome).toBe("finished");
    expect(second.hash).toBe(first.hash);
    for (const { loss, grad_norm, reward } of first.steps) {
      expect([loss, grad_norm, reward].every((value) => Number.isFinite(value))).toBe(true);
    }
  });

  test("each trains to weights of its own", async () => {
    const runs = [];
    for (const method of ["ttrl", "intuitor", ...NEW_METHODS] as const) runs.push(await finish(tinySettings(method)));
    expect(new Set(runs.map(({ hash }) => hash)).size).toBe(runs.length);
  });

  test("reward accuracy is told for the 0/1 reward alone", async () => {
    for (const method of NEW_METHODS) {
      const { steps } = await finish(tinySettings(method));
      expect(steps.every((row) => (row["labelfree/reward_accuracy"] === null) === (method !== "wrong"))).toBe(true);
    }
  });

  test("minus entropy as a reward lowers entropy", async () => {
    const { steps } = await finish(tinySettings("rent", { epochs: 3 }));
    expect(steps.at(-1)!.entropy).toBeLessThan(0.5 * steps[0].entropy!);
  });

  test("a wrong reward teaches answers, and not the right ones", async () => {
    const { steps } = await finish(tinySettings("wrong", { epochs: 6 }));
    const last = (column: "reward" | "labelfree/accuracy") =>
      steps.slice(-5).reduce((sum, row: StepMetrics) => sum + (row[column] ?? 0) / 5, 0);
    expect(last("reward")).toBeGreaterThan(0.7);
    expect(last("labelfree/accuracy")).toBeLessThan(0.1);
  });

  test("soft votes raise the share behind the leading answer", async () => {
    const { steps } = await finish(tinySettings("soft", { epochs: 6 }));
    expect(steps.at(-1)!["labelfree/majority_share"]).toBeGreaterThan(steps[0]["labelfree/majority_share"]! + 0.3);
  });
});
