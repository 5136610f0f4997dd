// Where Jupyter looks for kernels, without asking Python:
// https://jupyter.readthedocs.io/en/latest/use/jupyter-directories.html

import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { LabelfreeError } from "../../core/errors.ts";

export type InstallPlace =
  | { readonly kind: "user" }
  | { readonly kind: "sys-prefix" }
  | { readonly kind: "prefix"; readonly directory: string };

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

const here = (): Surroundings => ({ env: process.env, platform: process.platform, home: homedir() });

/**
 * The folder of a place that holds one folder per kernel.
 * @throws LabelfreeError `kernel/no-prefix` where no Python environment is active.
 */
export function kernelsDirectory(place: InstallPlace, { env, platform, home } = here()): string {
  switch (place.kind) {
    case "user":
      return join(userDataDirectory({ env, platform, home }), "kernels");
    case "prefix":
      return join(resolve(place.directory), "share", "jupyter", "kernels");
    case "sys-prefix":
      return join(activePrefix({ env, platform, home }), "share", "jupyter", "kernels");
  }
}

/** Every folder that Jupyter searches for kernels here, the first found wins. */
export function searchedDirectories(surroundings = here()): readonly string[] {
  const { env, platform } = surroundings;
  const fromPath = (env.JUPYTER_PATH ?? "").split(delimiter).filter((part) => part !== "");
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX, jupyterPrefix(surroundings)].flatMap((prefix) => prefix || []);
  const system =
    platform === "win32"
      ? [join(env.PROGRAMDATA ?? "", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const data = [
    ...fromPath,
    userDataDirectory(surroundings),
    ...prefixes.map((prefix) => join(prefix, "share", "jupyter")),
    ...system,
  ];
  return [...new Set(data.map((directory) => join(directory, "kernels")))];
}

function userDataDirectory({ env, platform, home }: Surroundings): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA || join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

function activePrefix(surroundings: Surroundings): string {
  const { VIRTUAL_ENV, CONDA_PREFIX } = surroundings.env;
  const prefix = VIRTUAL_ENV || CONDA_PREFIX || jupyterPrefix(surroundings);
  if (prefix !== undefined) return prefix;
  const message =
    "kernel install: --sys-prefix needs an active Python environment or jupyter on the PATH; use --user or --prefix";
  throw new LabelfreeError("kernel/no-prefix", message);
}

// PREFIX/bin/jupyter, or PREFIX\Scripts\jupyter.exe
function jupyterPrefix({ env, platform }: Surroundings): string | undefined {
  const name = platform === "win32" ? "jupyter.exe" : "jupyter";
  const directory = (env.PATH ?? "").split(delimiter).find((part) => part !== "" && isFile(join(part, name)));
  return directory === undefined ? undefined : dirname(resolve(directory));
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
