// Loaded alone by main.ts: a notebook waits for `kernel start`, which must not load what trains and draws.

import { Command, InvalidArgumentError, Option } from "commander";
import { type InstallPlace, kernelsDirectory, searchedDirectories } from "../kernel/install/jupyter-directories.ts";
import { installKernelspec, listKernelspecs, uninstallKernelspec } from "../kernel/install/kernelspec.ts";
import type { TypeCheckMode } from "../kernel/server/type-check.ts";
import { builtPath, packageFacts } from "../runs/package-root.ts";
import { integerOption, numberOption } from "./number-option.ts";

interface PlaceOptions {
  readonly user?: boolean;
  readonly sysPrefix?: boolean;
  readonly prefix?: string;
}

interface InstallOptions extends PlaceOptions {
  readonly name: string;
  readonly displayName: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryLimit?: number;
  readonly json?: boolean;
}

interface StartOptions {
  readonly connectionFile: string;
  readonly cwd?: string;
  readonly memoryLimit?: number;
  readonly outputLimit: number;
  readonly types: TypeCheckMode;
  readonly history: boolean;
}

const megabytes = integerOption(1, 1 << 20);

function withPlace(command: Command): Command {
  return command
    .addOption(new Option("--user", "for this user, the default").conflicts(["sysPrefix", "prefix"]))
    .addOption(new Option("--sys-prefix", "into the active Python environment").conflicts(["user", "prefix"]))
    .addOption(new Option("--prefix <dir>", "below dir/share/jupyter").conflicts(["user", "sysPrefix"]));
}

function toPlace({ sysPrefix, prefix }: PlaceOptions): InstallPlace {
  if (prefix !== undefined) return { kind: "prefix", directory: prefix };
  return { kind: sysPrefix === true ? "sys-prefix" : "user" };
}

function collectVariable(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected NAME=VALUE.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

const install = withPlace(new Command("install").description("make the kernel known to Jupyter; needs no Python"))
  .option("--name <name>", "folder name of the kernel", "labelfree")
  .option("--display-name <text>", "what Jupyter shows", "TypeScript (labelfree)")
  .option("--env <NAME=VALUE>", "environment variable of the kernel, repeatable", collectVariable, {})
  .option("--memory-limit <mb>", "memory for the user's code", megabytes)
  .option("--json", 'print {"name": ..., "directory": ...}')
  .action(({ name, displayName, env, memoryLimit, json = false, ...place }: InstallOptions) => {
    const directory = installKernelspec(kernelsDirectory(toPlace(place)), {
      name,
      displayName,
      env,
      entry: builtPath("cli/main.js"),
      startOptions: memoryLimit === undefined ? [] : ["--memory-limit", String(memoryLimit)],
    });
    console.log(json ? JSON.stringify({ name, directory }) : directory);
    if (!json) process.stderr.write(`installed; choose "${displayName}" in Jupyter\n`);
  });

const uninstall = withPlace(new Command("uninstall").description("remove the kernel from Jupyter"))
  .option("--name <name>", "folder name of the kernel", "labelfree")
  .option("--json", 'print {"name": ..., "directory": ...}')
  .action(({ name, json = false, ...place }: PlaceOptions & { readonly name: string; readonly json?: boolean }) => {
    const directory = uninstallKernelspec(kernelsDirectory(toPlace(place)), name);
    console.log(json ? JSON.stringify({ name, directory }) : directory);
  });

const list = new Command("list")
  .description("the installed kernels of labelfree")
  .option("--prefix <dir>", "look below dir/share/jupyter too")
  .option("--json", "print an array of name, displayName, directory and what is missing")
  .action(({ prefix, json = false }: { readonly prefix?: string; readonly json?: boolean }) => {
    const more = prefix === undefined ? [] : [kernelsDirectory({ kind: "prefix", directory: prefix })];
    const kernels = listKernelspecs([...more, ...searchedDirectories()]);
    if (json) return console.log(JSON.stringify(kernels));
    if (kernels.length === 0) process.stderr.write("none; labelfree kernel install adds one\n");
    for (const { name, directory, missing } of kernels) {
      console.log(`${name}  ${directory}${missing.length === 0 ? "" : `  broken: no ${missing.join(", no ")}`}`);
    }
  });

const start = new Command("start")
  .description("run the kernel; Jupyter calls this")
  .requiredOption("--connection-file <file>", "written by the client")
  .option("--cwd <dir>", "folder of the user's code; default the current one")
  .option("--memory-limit <mb>", "memory for the user's code", megabytes)
  .option(
    "--output-limit <mb>",
    "output of one cell",
    numberOption("a number above 0", (mb) => mb > 0),
    64,
  )
  .addOption(new Option("--types <mode>", "type errors").choices(["warn", "block", "off"]).default("warn"))
  .option("--no-history", "keep the history in memory only")
  .action(async ({ connectionFile, cwd, memoryLimit, outputLimit, types, history }: StartOptions) => {
    const { startKernel } = await import("../kernel/server/start-kernel.ts");
    await startKernel({
      connectionFile,
      cwd: cwd ?? process.cwd(),
      version: packageFacts().version,
      ...(memoryLimit === undefined ? {} : { memoryLimitMb: memoryLimit }),
      outputLimitMb: outputLimit,
      typeCheck: types,
      keepsHistory: history,
    });
  });

export const kernelCommand = new Command("kernel")
  .description("the TypeScript kernel for Jupyter")
  .addCommand(install)
  .addCommand(uninstall)
  .addCommand(list)
  .addCommand(start);
