// What is published, seen from outside: the tarball's list, and the door and the command as the build offers them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const MANIFEST: { readonly version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function packedFiles(): string[] {
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(
    run("npm", "pack", "--dry-run", "--ignore-scripts", "--json"),
  );
  return files.map(({ path }) => path);
}

describe("the package", () => {
  const files = packedFiles();

  test.each([
    ["the door", "dist/index.js"],
    ["its types", "dist/index.d.ts"],
    ["the command", "dist/cli/main.js"],
    ["the process that trains a run", "dist/runs/run-worker.js"],
    ["the device's thread", "dist/device/wasm/thread.js"],
    ["the kernels", "build/kernels.wasm"],
    ["the sources that a run's key counts", "src/rl/trainer.ts"],
    ["the sources of the kernels", "src/device/wasm/kernels/index.ts"],
    ["the claims", "data/claims/claim-1.json"],
    ["the licence", "LICENSE"],
  ])("holds %s", (_, path) => {
    expect(files).toContain(path);
  });

  test("holds no tests, runs or notes of the build", () => {
    expect(files.filter((path) => /\.test\.ts$|^runs\/|tsbuildinfo|^node_modules\//.test(path))).toEqual([]);
  });

  test("opens its door to an import by name", () => {
    const code = 'const door = await import("labelfree"); console.log(door.wilson(3, 10).p, door.METHODS.cuma.reward)';
    expect(run(process.execPath, "--input-type=module", "--eval", code)).toBe("0.3 majority\n");
  });

  test("says its version", () => {
    expect(run(process.execPath, "dist/cli/main.js", "--version")).toBe(`${MANIFEST.version}\n`);
  });
});
