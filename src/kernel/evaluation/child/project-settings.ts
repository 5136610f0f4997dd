// What the project's tsconfig says about how its code is to be compiled.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CodeSettings } from "../transform/lower.ts";

type CompilerOptions = Readonly<Record<string, unknown>>;

/** Settings of the nearest tsconfig.json at or above a folder; a file that cannot be read counts as none. */
export function projectSettings(folder: string): CodeSettings {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, "tsconfig.json");
    if (existsSync(path)) return toSettings(compilerOptions(path, 0));
    if (at === dirname(at)) return toSettings({});
  }
}

function toSettings(options: CompilerOptions): CodeSettings {
  const hasLegacyDecorators = options.experimentalDecorators === true;
  const { jsx, jsxImportSource, jsxFactory, jsxFragmentFactory } = options;
  if (typeof jsx !== "string") return { hasLegacyDecorators };
  return {
    hasLegacyDecorators,
    jsx: {
      runtime: jsx === "react" ? "classic" : "automatic",
      ...(typeof jsxImportSource === "string" ? { importSource: jsxImportSource } : {}),
      ...(typeof jsxFactory === "string" ? { pragma: jsxFactory } : {}),
      ...(typeof jsxFragmentFactory === "string" ? { pragmaFragment: jsxFragmentFactory } : {}),
    },
  };
}

const MAX_EXTENDS = 8;

function compilerOptions(path: string, depth: number): CompilerOptions {
  try {
    const file = JSON.parse(withoutComments(readFileSync(path, "utf8"))) as {
      readonly extends?: string | readonly string[];
      readonly compilerOptions?: CompilerOptions;
    };
    const bases = depth >= MAX_EXTENDS ? [] : [file.extends ?? []].flat();
    const inherited = bases.map((base) => compilerOptions(resolveBase(base, path), depth + 1));
    return Object.assign({}, ...inherited, file.compilerOptions);
  } catch {
    return {};
  }
}

function resolveBase(base: string, path: string): string {
  if (!base.startsWith(".") && !base.startsWith("/")) return createRequire(path).resolve(base);
  const file = join(dirname(path), base);
  return existsSync(file) ? file : `${file}.json`;
}

/** JSON without comments and trailing commas. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[^]*?\*\/|,(?=\s*(?:\/\/[^\n]*\s*)*[}\]])/g,
    (_all, string) => string ?? "",
  );
}
