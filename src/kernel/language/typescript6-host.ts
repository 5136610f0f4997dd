// Files for TypeScript's language service: some in memory, the rest on disk. Files of packages are read once; the
// user's own modules are looked at again at each question, so that an edited module counts at once. What cannot be
// found from the working directory is looked for from this package, which brings its own packages and Node's types.

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript-6";

const PACKAGE_ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CELL_IMPORT = /^\.\/(labelfree-cell-\d+)\.js$/;

interface MemoryFile {
  readonly text: string;
  readonly version: number;
  readonly isRoot: boolean;
}

export class TypeScript6Host implements ts.LanguageServiceHost {
  readonly #cwd: string;
  readonly #options: ts.CompilerOptions;
  readonly #ambientFiles: readonly string[];
  readonly #extension: string;
  readonly #files = new Map<string, MemoryFile>();
  readonly #unresolvedIn = new Set<string>();
  readonly #cache: ts.ModuleResolutionCache;
  readonly hasInvalidatedResolutions = (path: string): boolean => this.#unresolvedIn.has(path);
  #version = 0;

  constructor(cwd: string, options: ts.CompilerOptions, ambientFiles: readonly string[], extension: string) {
    this.#cwd = cwd;
    this.#options = options;
    this.#ambientFiles = ambientFiles;
    this.#extension = extension;
    this.#cache = ts.createModuleResolutionCache(cwd, (name) => name, options);
  }

  setFile(path: string, text: string, isRoot: boolean): void {
    const known = this.#files.get(path);
    if (known?.text === text && known.isRoot === isRoot) return;
    this.#version++;
    this.#files.set(path, { text, version: known?.text === text ? known.version : this.#version, isRoot });
  }

  removeFile(path: string): void {
    if (this.#files.delete(path)) this.#version++;
  }

  getCompilationSettings(): ts.CompilerOptions {
    return this.#options;
  }

  getCurrentDirectory(): string {
    return this.#cwd;
  }

  getDefaultLibFileName(options: ts.CompilerOptions): string {
    return ts.getDefaultLibFilePath(options);
  }

  getScriptFileNames(): string[] {
    const roots = [...this.#files].filter(([, { isRoot }]) => isRoot).map(([path]) => path);
    return [...this.#ambientFiles, ...roots];
  }

  getScriptVersion(path: string): string {
    const file = this.#files.get(path);
    if (file !== undefined) return String(file.version);
    if (path.includes("/node_modules/")) return "0";
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? "gone" : `${stats.mtimeMs} ${stats.size}`;
  }

  getScriptSnapshot(path: string): ts.IScriptSnapshot | undefined {
    const text = this.readFile(path);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  }

  fileExists(path: string): boolean {
    return this.#files.has(path) || ts.sys.fileExists(path);
  }

  readFile(path: string): string | undefined {
    return this.#files.get(path)?.text ?? ts.sys.readFile(path);
  }

  directoryExists(path: string): boolean {
    return ts.sys.directoryExists(path);
  }

  getDirectories(path: string): string[] {
    return ts.sys.getDirectories(path);
  }

  readDirectory(
    path: string,
    ...rest: Parameters<typeof ts.sys.readDirectory> extends [string, ...infer R] ? R : never
  ): string[] {
    return ts.sys.readDirectory(path, ...rest);
  }

  realpath(path: string): string {
    return this.#files.has(path) ? path : (ts.sys.realpath?.(path) ?? path);
  }

  useCaseSensitiveFileNames(): boolean {
    return ts.sys.useCaseSensitiveFileNames;
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    from: string,
    redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    source: ts.SourceFile,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] {
    this.#unresolvedIn.delete(from);
    return literals.map((literal) => {
      const mode = ts.getModeForUsageLocation(source, literal, options);
      return this.#resolve(literal.text, from, mode, redirected);
    });
  }

  #resolve(
    name: string,
    from: string,
    mode: ts.ResolutionMode,
    redirected: ts.ResolvedProjectReference | undefined,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    const cell = this.#files.has(from) ? CELL_IMPORT.exec(name) : null;
    if (cell !== null) {
      const resolvedFileName = `${this.#cwd}/${cell[1]}${this.#extension}`;
      return { resolvedModule: { resolvedFileName, extension: this.#extension } };
    }
    const isRelative = ts.isExternalModuleNameRelative(name);
    const cached = ts.resolveModuleName(
      name,
      from,
      this.#options,
      this,
      isRelative ? undefined : this.#cache,
      redirected,
      mode,
    );
    if (cached.resolvedModule !== undefined) return cached;
    const fresh = isRelative
      ? cached
      : ts.resolveModuleName(name, from, this.#options, this, undefined, redirected, mode);
    if (fresh.resolvedModule !== undefined) return fresh;
    const ours = isRelative
      ? fresh
      : ts.resolveModuleName(name, `${PACKAGE_ROOT}cell.mts`, this.#options, this, this.#cache, undefined, mode);
    if (ours.resolvedModule !== undefined && !from.includes("/node_modules/")) return ours;
    if (!from.includes("/node_modules/")) this.#unresolvedIn.add(from);
    return fresh;
  }

  resolveTypeReferenceDirectiveReferences<T extends string | ts.FileReference>(
    references: readonly T[],
    from: string,
    redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    source: ts.SourceFile | undefined,
  ): readonly ts.ResolvedTypeReferenceDirectiveWithFailedLookupLocations[] {
    return references.map((reference) => {
      const name = typeof reference === "string" ? reference : reference.fileName;
      const mode =
        typeof reference === "string" ? undefined : ts.getModeForFileReference(reference, source?.impliedNodeFormat);
      const found = ts.resolveTypeReferenceDirective(name, from, options, this, redirected, undefined, mode);
      if (found.resolvedTypeReferenceDirective?.resolvedFileName !== undefined) return found;
      return ts.resolveTypeReferenceDirective(
        name,
        `${PACKAGE_ROOT}cell.mts`,
        options,
        this,
        undefined,
        undefined,
        mode,
      );
    });
  }
}
