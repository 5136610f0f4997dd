// JupyterLab's server on this machine's loopback, with folders of its own, and a browser to look at it.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium } from "playwright-core";
import { createJupyterHome } from "./python.ts";

/** JupyterLab and Chromium of this machine, or what is missing. LABELFREE_JUPYTERLAB and LABELFREE_CHROMIUM name them. */
export function findLab(): { readonly lab: string; readonly browser: string } | { readonly missing: string } {
  const lab = firstThatRuns([process.env.LABELFREE_JUPYTERLAB, "jupyter-lab"]);
  if (lab === undefined) return { missing: "no jupyter-lab on the PATH or in LABELFREE_JUPYTERLAB" };
  const browser = firstThatRuns([process.env.LABELFREE_CHROMIUM, "chromium", "google-chrome"]);
  if (browser === undefined) return { missing: "no chromium on the PATH or in LABELFREE_CHROMIUM" };
  return { lab, browser };
}

function firstThatRuns(programs: readonly (string | undefined)[]): string | undefined {
  for (const program of programs) {
    if (program === undefined) continue;
    try {
      execFileSync(program, ["--version"], { stdio: "ignore" });
      return program.includes("/") ? program : execFileSync("which", [program], { encoding: "utf8" }).trim();
    } catch {
      // the next one
    }
  }
  return undefined;
}

export interface RunningLab {
  readonly directory: string; // the notebooks
  readonly browser: Browser;
  /** Address of a notebook, with the token. */
  address(notebook: string): string;
  close(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 10_000;

/** Starts the server and the browser. */
export async function startLab({ lab, browser }: { lab: string; browser: string }): Promise<RunningLab> {
  const home = createJupyterHome();
  const directory = join(home.directory, "work");
  const settings = join(home.directory, "settings");
  const quiet = join(settings, "@jupyterlab", "apputils-extension");
  mkdirSync(quiet, { recursive: true });
  writeFileSync(join(quiet, "notification.jupyterlab-settings"), '{"fetchNews": "false", "checkForUpdates": false}');
  const env = {
    ...home.env,
    PYTHONPATH: "",
    IPYTHONDIR: join(home.directory, "ipython"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: join(home.directory, "workspaces"),
  };
  const token = randomBytes(24).toString("hex");
  const options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", `--IdentityProvider.token=${token}`];
  const server = spawn(lab, [...options, `--ServerApp.root_dir=${directory}`], {
    env,
    cwd: directory,
    stdio: "ignore",
  });
  const close = async () => {
    await endServer(server);
    rmSync(home.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await portOf(server, join(home.directory, "runtime"));
    const chrome = await chromium.launch({ executablePath: browser, args: ["--no-sandbox"] });
    return {
      directory,
      browser: chrome,
      address: (notebook) => `http://127.0.0.1:${port}/lab/tree/${notebook}?token=${token}`,
      async close() {
        await chrome.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The port that the server has written down once it listens. */
async function portOf(server: ChildProcess, runtime: string): Promise<number> {
  for (const start = Date.now(); Date.now() - start < START_LIMIT_MS; await delay(100)) {
    if (server.exitCode !== null) throw new Error(`jupyter-lab ended with code ${server.exitCode}`);
    const name = existsSync(runtime) && readdirSync(runtime).find((file) => /^jpserver-\d+\.json$/.test(file));
    if (!name) continue;
    const { port }: { port?: number } = JSON.parse(readFileSync(join(runtime, name), "utf8") || "{}");
    if (port) return port;
  }
  throw new Error("jupyter-lab did not listen");
}

/** A first SIGTERM lets the server shut its kernels down. */
async function endServer(server: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), END_LIMIT_MS);
  await gone;
  clearTimeout(late);
}
