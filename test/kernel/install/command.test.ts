import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const ENTRY = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "labelfree-kernel-command-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const env = { ...process.env, JUPYTER_DATA_DIR: join(root, "user"), VIRTUAL_ENV: join(root, "venv"), JUPYTER_PATH: "" };
const kernel = (...args: string[]) =>
  spawnSync(process.execPath, [ENTRY, "kernel", ...args], { env, encoding: "utf8", timeout: 30_000 });

// every module that is loaded is written to stderr
const TRACE = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(
    'import { writeSync } from "node:fs"; export async function load(url, context, next) { writeSync(2, url + "\\\\n"); return next(url, context); }'));
`)}`;

describe.skipIf(!existsSync(ENTRY))("labelfree kernel (skipped where dist/ is not built)", () => {
  test("installs, lists and uninstalls for a user, an environment and a prefix", () => {
    const places = [
      { options: [], kernels: join(root, "user", "kernels") },
      { options: ["--user"], kernels: join(root, "user", "kernels") },
      { options: ["--sys-prefix"], kernels: join(root, "venv", "share", "jupyter", "kernels") },
      { options: ["--prefix", join(root, "p")], kernels: join(root, "p", "share", "jupyter", "kernels") },
    ];
    for (const { options, kernels } of places) {
      const directory = join(kernels, "ts");
      const installed = kernel(
        "install",
        ...options,
        "--name",
        "ts",
        "--display-name",
        "My TS",
        "--env",
        "A=b=c",
        "--env",
        "D=",
        "--json",
      );
      expect(installed.stderr).toBe("");
      expect(JSON.parse(installed.stdout)).toEqual({ name: "ts", directory });
      const spec = JSON.parse(readFileSync(join(directory, "kernel.json"), "utf8"));
      expect(spec).toMatchObject({ display_name: "My TS", env: { A: "b=c", D: "" }, interrupt_mode: "message" });
      expect(spec.argv.slice(0, 2)).toEqual([process.execPath, ENTRY]);
      const listed = JSON.parse(kernel("list", "--prefix", join(root, "p"), "--json").stdout);
      expect(listed).toContainEqual({ name: "ts", displayName: "My TS", directory, missing: [] });
      const removed = kernel("uninstall", ...options, "--name", "ts", "--json");
      expect(JSON.parse(removed.stdout)).toEqual({ name: "ts", directory });
      expect(existsSync(directory)).toBe(false);
    }
  });

  test("tells a wrong use from a failure", () => {
    expect(kernel("install", "--user", "--sys-prefix").status).toBe(2);
    expect(kernel("install", "--env", "novalue").status).toBe(2);
    expect(kernel("start").status).toBe(2);
    const missing = kernel("uninstall", "--name", "nobody");
    expect([missing.status, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toContain("there is no kernel nobody");
  });

  test("loads nothing that trains or draws", () => {
    const { stderr } = spawnSync(process.execPath, ["--import", TRACE, ENTRY, "kernel", "list"], {
      env,
      encoding: "utf8",
    });
    const rooms = new Set([...stderr.matchAll(/\/dist\/(\w+)\//g)].map(([, room]) => room));
    expect([...rooms].sort()).toEqual(["cli", "core", "kernel", "runs"]);
    expect([...stderr.matchAll(/\/dist\/runs\/([\w-]+)\.js/g)].map(([, file]) => file).sort()).toEqual([
      "interruption",
      "package-root",
    ]);
  });

  test("stands among the other commands", () => {
    expect(execFileSync(process.execPath, [ENTRY, "--help"], { encoding: "utf8" })).toContain("kernel");
  });
});
