import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeError, writeFileAtomic } from "../../core/atomic-file.ts";
import { LabelfreeError } from "../../core/errors.ts";
import { LOGO } from "./logo.ts";

export interface KernelspecOptions {
  readonly name: string;
  readonly displayName: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entry: string; // absolute path of the command line's main file
  readonly startOptions: readonly string[]; // of `kernel start`
}

export interface InstalledKernel {
  readonly name: string;
  readonly displayName: string;
  readonly directory: string;
  /** What is missing on this machine, such as the Node it was installed with; empty when it can start. */
  readonly missing: readonly string[];
}

interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const NAME = /^[a-zA-Z0-9._-]+$/; // what Jupyter accepts
const MARK = "labelfree"; // in the metadata of the kernels that are ours
const FILE = "kernel.json";

/**
 * Writes a kernelspec below `kernels`, over one of ours with the same name; returns its folder.
 * @throws LabelfreeError `kernel/name`, `kernel/not-ours` where another kernel has the name, or `file/…`.
 */
export function installKernelspec(kernels: string, options: KernelspecOptions): string {
  const { displayName, entry, env, name, startOptions } = options;
  if (!NAME.test(name)) {
    throw new LabelfreeError("kernel/name", `--name: got ${name}, expected letters, digits, dots, - and _`);
  }
  const directory = join(kernels, name);
  if (existsSync(join(directory, FILE))) ownSpec(directory);
  const spec = {
    argv: [process.execPath, entry, "kernel", "start", "--connection-file", "{connection_file}", ...startOptions],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: "5.5",
    env,
    metadata: { [MARK]: true, debugger: true },
  };
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw writeError(directory, error);
  }
  writeFileAtomic(join(directory, "logo-svg.svg"), LOGO);
  writeFileAtomic(join(directory, FILE), `${JSON.stringify(spec, null, 2)}\n`);
  return directory;
}

/**
 * Removes a kernelspec of ours; returns its folder.
 * @throws LabelfreeError `kernel/not-installed` or `kernel/not-ours`.
 */
export function uninstallKernelspec(kernels: string, name: string): string {
  const directory = join(kernels, name);
  if (!NAME.test(name) || !existsSync(join(directory, FILE))) {
    const message = `kernel uninstall: there is no kernel ${name} in ${kernels}; labelfree kernel list shows those that are`;
    throw new LabelfreeError("kernel/not-installed", message, { fields: { name, kernels } });
  }
  ownSpec(directory);
  rmSync(directory, { recursive: true, force: true });
  return directory;
}

/** The kernels of ours in these folders. */
export function listKernelspecs(searched: readonly string[]): readonly InstalledKernel[] {
  return searched.flatMap((kernels) =>
    namesIn(kernels).flatMap((name) => {
      const directory = join(kernels, name);
      const spec = readSpec(directory);
      if (spec?.metadata?.[MARK] !== true) return [];
      const missing = spec.argv.slice(0, 2).filter((path) => !existsSync(path));
      return [{ name, displayName: spec.display_name, directory, missing }];
    }),
  );
}

function ownSpec(directory: string): void {
  if (readSpec(directory)?.metadata?.[MARK] === true) return;
  const message = `${directory}: the kernel there is not one of labelfree's; it stays as it is, choose another --name`;
  throw new LabelfreeError("kernel/not-ours", message, { fields: { directory } });
}

function namesIn(kernels: string): readonly string[] {
  try {
    return readdirSync(kernels).sort();
  } catch {
    return [];
  }
}

function readSpec(directory: string): Kernelspec | undefined {
  try {
    const spec: unknown = JSON.parse(readFileSync(join(directory, FILE), "utf8"));
    const isSpec = typeof spec === "object" && spec !== null && "argv" in spec && Array.isArray(spec.argv);
    return isSpec ? (spec as unknown as Kernelspec) : undefined;
  } catch {
    return undefined;
  }
}
