// Which kernel a notebook runs on: labelfree's own is started as it is here, without installation; any other is found
// by the name of its kernelspec where Jupyter looks for it.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJsonFile } from "../core/atomic-file.ts";
import { LabelfreeError } from "../core/errors.ts";
import { searchedDirectories } from "../kernel/install/jupyter-directories.ts";
import type { Metadata } from "./notebook.ts";

export interface KernelChoice {
  readonly name: string;
  readonly language: string;
  /** `{connection_file}` stands for the file. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interruptMode: "message" | "signal";
}

export const OWN_KERNEL = "labelfree";

const kernelspecSchema = z.looseObject({
  argv: z.array(z.string()).min(1),
  language: z.string().default(""),
  interrupt_mode: z.enum(["message", "signal"]).default("signal"),
  env: z.record(z.string(), z.string()).default({}),
});

/** The kernel of this package, started by this command. */
export function ownKernel(argv: readonly string[]): KernelChoice {
  return { name: OWN_KERNEL, language: "typescript", argv, env: {}, interruptMode: "message" };
}

/**
 * The kernel of that name from the folders that Jupyter searches.
 * @throws LabelfreeError `notebook/no-kernel`, which names those there are, or `notebook/kernelspec`.
 */
export function findKernel(name: string, searched: readonly string[] = searchedDirectories()): KernelChoice {
  const folder = searched.map((kernels) => join(kernels, name)).find((each) => existsSync(join(each, "kernel.json")));
  if (folder === undefined) {
    const known = [...new Set([OWN_KERNEL, ...searched.flatMap(kernelNames)])].join(", ");
    const message = `kernel ${name}: there is none of this name, expected one of ${known}; --kernel chooses another`;
    throw new LabelfreeError("notebook/no-kernel", message, { fields: { name, searched } });
  }
  const path = join(folder, "kernel.json");
  const parsed = kernelspecSchema.safeParse(readJsonFile(path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new LabelfreeError("notebook/kernelspec", `${path}: ${problems}; install the kernel again`);
  }
  const { argv, language, interrupt_mode: interruptMode, env } = parsed.data;
  const filled = argv.map((part) => part.replaceAll("{resource_dir}", folder));
  return { name, language, argv: filled, env: withVariables(env), interruptMode };
}

/** The name of the kernel that a notebook asks for; undefined where it names none. */
export function kernelNameOf({ kernelspec }: Metadata): string | undefined {
  const name =
    typeof kernelspec === "object" && kernelspec !== null && "name" in kernelspec ? kernelspec.name : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** `${NAME}` in a kernelspec's values stands for the variable of this process. */
function withVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  const filled = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole);
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filled(text)]));
}

function kernelNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => existsSync(join(folder, name, "kernel.json")));
  } catch {
    return [];
  }
}
