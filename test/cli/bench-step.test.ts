import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ENTRY = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const run = (...options: string[]) =>
  execFileSync(process.execPath, [ENTRY, "bench", "step", ...options], { encoding: "utf8", stdio: "pipe" });

test("bench step prints one line of JSON for each shape", () => {
  const lines = run("--steps", "1", "--threads", "1", "--json").trim().split("\n");
  const timings = lines.map((line) => JSON.parse(line));
  expect(timings.map(({ shape }) => shape)).toEqual(["64x3", "128x4"]);
  for (const { rolloutMs, trainMs, totalMs, rolloutTokensPerSecond } of timings) {
    expect(totalMs).toBeCloseTo(rolloutMs + trainMs);
    expect(rolloutTokensPerSecond).toBeCloseTo((128 * 40 * 1000) / rolloutMs);
  }
});

test("bench step says when the peer cannot run", () => {
  expect(() => run("--steps", "1", "--peer", "no-such-python")).toThrow("no-such-python could not run");
  expect(() => run("--steps", "1", "--peer", "true")).toThrow("true could not run");
});
