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

/** Answers about the disk: those about packages are kept, others only until the next question. */
class DiskCache {
  readonly #kept = new Map<string, boolean | string>();
  readonly #passing = new Map<string, boolean | string>();

  forget(isSomethingMissing: boolean): void {
    this.#passing.clear();
    if (!isSomethingMissing) return;
    for (const [key, answer] of this.#kept) if (answer === false) this.#kept.delete(key);
  }

  fileExists(path: string): boolean {
    return this.#answer("f", path, () => ts.sys.fileExists(path)) === true;
  }

  directoryExists(path: string): boolean {
    return this.#answer("d", path, () => ts.sys.directoryExists(path)) === true;
  }

  realpath(path: string): string {
    return String(this.#answer("r", path, () => ts.sys.realpath?.(path) ?? path));
  }

  #answer(question: string, path: string, ask: () => boolean | string): boolean | string {
    const answers = path.includes("/node_modules/") ? this.#kept : this.#passing;
    const key = question + path;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    answers.set(key, answer);
    return answer;
  }
}

export class TypeScript6Host implements ts.LanguageServiceHost {
  readonly #cwd: string;
  readonly #options: ts.CompilerOptions;
  readonly #ambientFiles: readonly string[];
  readonly #extension: string;
  readonly #files = new Map<string, MemoryFile>();
  readonly #unresolvedIn = new Set<string>();
  readonly #cache: ts.ModuleResolutionCache;
  readonly #snapshots = new Map<
    string,
    { readonly version: string; readonly snapshot: ts.IScriptSnapshot | undefined }
  >();
  readonly #disk = new DiskCache();
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

  /** Looks at the disk again where it may have changed. */
  refresh(): void {
    this.#disk.forget(this.#unresolvedIn.size > 0);
  }

  /** Read by TypeScript, though not part of its declared interface: what it knows of package.json files. */
  getModuleResolutionCache(): ts.ModuleResolutionCache {
    return this.#cache;
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
    const version = this.getScriptVersion(path);
    const known = this.#snapshots.get(path);
    if (known?.version === version) return known.snapshot;
    const text = this.readFile(path);
    const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    this.#snapshots.set(path, { version, snapshot });
    return snapshot;
  }

  fileExists(path: string): boolean {
    return this.#files.has(path) || this.#disk.fileExists(path);
  }

  readFile(path: string): string | undefined {
    return this.#files.get(path)?.text ?? ts.sys.readFile(path);
  }

  directoryExists(path: string): boolean {
    return this.#disk.directoryExists(path);
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
    return this.#files.has(path) ? path : this.#disk.realpath(path);
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
    const isPackaged = from.includes("/node_modules/");
    const isRelative = ts.isExternalModuleNameRelative(name);
    const find = (origin: string, cache?: ts.ModuleResolutionCache): ts.ResolvedModuleWithFailedLookupLocations =>
      ts.resolveModuleName(name, origin, this.#options, this, cache, redirected, mode);
    const cached = isRelative && !isPackaged ? undefined : find(from, this.#cache);
    if (cached?.resolvedModule !== undefined || (cached !== undefined && isPackaged)) return cached;
    const fresh = find(from); // the user's own modules and packages come and go
    if (fresh.resolvedModule !== undefined) return fresh;
    const ours = isRelative ? fresh : find(`${PACKAGE_ROOT}cell.mts`, this.#cache);
    if (ours.resolvedModule === undefined) this.#unresolvedIn.add(from);
    return ours.resolvedModule === undefined ? fresh : ours;
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
