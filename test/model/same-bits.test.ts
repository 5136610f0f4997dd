import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { microRun } from "./micro-run.ts";
import { withoutEngineMathematics } from "./without-engine-mathematics.ts";

// Of every machine, engine and number of threads. A change of the kernels' order of summation, of an initialisation, of
// the order of random draws or of the micro world changes them on purpose: then put in what this test prints, and say so
// in the commit. Any other difference breaks the promise that a run gives the same bits everywhere.
const EXPECTED = {
  weights: "e4e06655416f2598ce0fb33c96ac0868f5b81f19ecaa3e1e0e5e5600fe313eeb",
  samples: "323885dba66e57c45d22060d099026f3b539ed235ce0751cff9103035495f28c",
};

const devices = await Promise.all([1, 2, 4].map((threads) => createWasmDevice({ threads })));
afterAll(() => Promise.all(devices.map((device) => device.close())));

test.each([0, 0, 1, 2])("a training run ends in the same bits (device %i of 1, 2 and 4 threads)", async (index) => {
  const { gradientNorms, ...hashes } = await microRun(devices[index]);
  expect(gradientNorms.length).toBe(6);
  expect(gradientNorms.every((norm) => norm > 1e-3)).toBe(true);
  expect(hashes).toEqual(EXPECTED);
});

test("a training run asks the engine for no function that engines may compute differently, no clock, no chance", async () => {
  const { gradientNorms, ...hashes } = await withoutEngineMathematics(() => microRun(devices[1]));
  expect(gradientNorms.length).toBe(6);
  expect(hashes).toEqual(EXPECTED);
});

test("what stands in for these functions throws, and they come back", async () => {
  const forbidden: Record<string, () => unknown> = {
    exp: () => Math.exp(1),
    random: () => Math.random(),
    now: () => Date.now(),
    date: () => new Date(),
    text: () => Date(),
    performance: () => performance.now(),
  };
  for (const [name, call] of Object.entries(forbidden)) {
    await expect(
      withoutEngineMathematics(async () => call()),
      name,
    ).rejects.toThrow("must not be called");
    expect(call(), name).toBeDefined();
  }
  expect(await withoutEngineMathematics(async () => Math.sqrt(9) + Math.floor(1.5))).toBe(4);
  expect(Date.now() - new Date().getTime()).toBeLessThan(1000);
});

const isBuilt = existsSync(new URL("../../dist/model/policy.js", import.meta.url));

test.skipIf(!isBuilt)("each of the engine's compilers gives the same bits (needs a build)", () => {
  const script = fileURLToPath(new URL("train-elsewhere.js", import.meta.url));
  const [mixed, ...others] = [[], ["--liftoff-only"], ["--no-liftoff"]].map((flags) =>
    execFileSync(process.execPath, [...flags, script], { encoding: "utf8" }).trim(),
  );
  expect(mixed).toMatch(/^[0-9a-f]{64} [1-9]/);
  expect(others).toEqual([mixed, mixed]);
});
