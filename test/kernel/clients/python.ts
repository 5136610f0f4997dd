// Real Jupyter clients are Python programs: each script here is a set of unittest cases, run by a Python that has the
// client, against the built kernel installed into a folder of its own.

import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installKernelspec } from "../../../src/kernel/install/kernelspec.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ENTRY = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const CANDIDATES = [process.env.LABELFREE_PYTHON, "/usr/bin/python3", "python3"];

/** A Python that can import all of these, or why there is none. */
function pythonWith(modules: readonly string[]): { readonly python: string } | { readonly missing: string } {
  if (!existsSync(ENTRY)) return { missing: "dist/ is not built" };
  for (const python of CANDIDATES) {
    if (python === undefined) continue;
    try {
      execFileSync(python, ["-c", `import ${modules.join(", ")}`], { stdio: "ignore" });
      return { python };
    } catch {
      // the next one
    }
  }
  return { missing: `no Python with ${modules.join(", ")}` };
}

export interface JupyterHome {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A folder with the kernel installed, and the variables that make Jupyter use nothing else. */
export function createJupyterHome(startOptions: readonly string[] = []): JupyterHome {
  const directory = mkdtempSync(join(tmpdir(), "labelfree-jupyter-"));
  const data = join(directory, "jupyter");
  installKernelspec(join(data, "kernels"), {
    name: "labelfree",
    displayName: "TypeScript",
    env: {},
    entry: ENTRY,
    startOptions,
  });
  mkdirSync(join(directory, "work"));
  const env = {
    ...process.env,
    JUPYTER_PATH: data,
    JUPYTER_DATA_DIR: data,
    JUPYTER_RUNTIME_DIR: join(directory, "runtime"),
    JUPYTER_CONFIG_DIR: join(directory, "config"),
    XDG_DATA_HOME: join(directory, "share"),
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: HERE,
  };
  return { directory, env };
}

interface Result {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly detail: string;
}

/** Makes one test of each `test_…` of a script. */
export function describePython(
  title: string,
  script: string,
  modules: readonly string[],
  { minutes = 5, startOptions = [] as readonly string[], names = namesIn(script) } = {},
): void {
  const found = pythonWith(modules);
  const reason = "missing" in found ? ` (skipped: ${found.missing})` : "";
  describe.skipIf("missing" in found)(`${title}${reason}`, () => {
    const results = new Map<string, Result>();
    let output = "";
    let home: JupyterHome | undefined;

    beforeAll(
      async () => {
        home = createJupyterHome(startOptions);
        const { env, directory } = home;
        const python = "python" in found ? found.python : "";
        output = await new Promise((resolve) => {
          const options = { env, cwd: join(directory, "work"), timeout: minutes * 60_000, maxBuffer: 1 << 28 };
          execFile(python, [join(HERE, script)], options, (error, stdout, stderr) =>
            resolve(`${stdout}\n${stderr}\n${error?.message ?? ""}`),
          );
        });
        for (const line of output.split("\n")) {
          if (!line.startsWith("RESULT ")) continue;
          const result: Result = JSON.parse(line.slice("RESULT ".length));
          if (results.get(result.name)?.status !== "failed") results.set(result.name, result);
        }
      },
      minutes * 60_000 + 10_000,
    );

    afterAll(() => {
      if (home !== undefined) rmSync(home.directory, { recursive: true, force: true, maxRetries: 3 });
    });

    test.each(names)("%s", (name) => {
      const result = results.get(`test_${name.replaceAll(" ", "_")}`);
      expect(result?.status, result?.detail ?? output.slice(-4000)).toBe("passed");
    });
  });
}

function namesIn(script: string): string[] {
  const source = readFileSync(join(HERE, script), "utf8");
  return [...source.matchAll(/^ {4}def test_(\w+)\(/gm)].map(([, name]) => name.replaceAll("_", " "));
}
