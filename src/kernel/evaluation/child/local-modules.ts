// Modules of the notebook's own folder: compiled when imported, and compiled again when their file has changed, together
// with the modules that import them. Cells hold live namespaces, so that a change reaches every name without running
// the importing cell again.

import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { type Module, SourceTextModule, SyntheticModule } from "node:vm";
import type { CodeSettings } from "../transform/lower.ts";
import { transformModule } from "../transform/module.ts";
import { CodeSyntaxError, positionAt } from "../transform/syntax.ts";
import { fileStamp, folderOf, isCompiled, localFile } from "./local-files.ts";
import { importPackage, type ModuleNamespace } from "./package-imports.ts";
import { rememberSource } from "./stack-trace.ts";

interface LocalModule {
  readonly path: string;
  readonly stamp: string | undefined;
  readonly module: Module;
  readonly importsPaths: Set<string>;
}

export class LocalModules {
  readonly #packageRoot: string;
  readonly #runtime: string;
  readonly #settings: () => CodeSettings;
  readonly #modules = new Map<string, LocalModule>();
  readonly #namespaces = new Map<string, LiveNamespace>();
  readonly #packages = new Map<ModuleNamespace, SyntheticModule>();

  constructor(packageRoot: string, runtime: string, settings: () => CodeSettings) {
    this.#packageRoot = packageRoot;
    this.#runtime = runtime;
    this.#settings = settings;
  }

  /** Imports on behalf of a cell or module that lies in a folder. */
  async import(
    specifier: string,
    folder: string,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<ModuleNamespace> {
    const path = localFile(specifier, folder);
    if (path === undefined) return importPackage(specifier, folder, this.#packageRoot, attributes);
    if (!this.#isOurs(path)) {
      const known = extname(path) === ".json" ? { type: "json", ...attributes } : attributes;
      return importPackage(pathToFileURL(path).href, folder, this.#packageRoot, known);
    }
    return this.#load(path);
  }

  /** Loads again what has changed on disk; an error leaves the old version in use. */
  async refresh(onError: (error: unknown) => void): Promise<void> {
    if (this.#modules.size === 0) return;
    const changed = [...this.#modules.values()].filter(({ path, stamp }) => {
      const now = fileStamp(path);
      return now !== undefined && now !== stamp;
    });
    if (changed.length === 0) return;
    const affected = this.#withImporters(changed);
    for (const { path } of affected) this.#modules.delete(path);
    try {
      for (const { path } of affected) if (this.#namespaces.has(path)) await this.#load(path);
    } catch (error) {
      for (const old of affected) {
        this.#modules.set(old.path, { ...old, stamp: fileStamp(old.path) });
        this.#namespaces.get(old.path)?.follow(old.module.namespace as ModuleNamespace);
      }
      onError(error);
    }
  }

  #isOurs(path: string): boolean {
    if (!isCompiled(path, this.#packageRoot)) return false;
    return extname(path) !== ".js" || this.#modules.has(path) || isModuleCode(path);
  }

  async #load(path: string): Promise<ModuleNamespace> {
    const local = this.#modules.get(path) ?? this.#create(path);
    const { module } = local;
    try {
      if (module.status === "unlinked") await module.link((specifier, importer) => this.#link(specifier, importer));
      if (module.status === "linked") await module.evaluate();
    } catch (error) {
      this.#forgetUnfinished();
      throw error;
    }
    if (module.status === "errored") throw module.error;
    const namespace = this.#namespaces.get(path) ?? new LiveNamespace();
    this.#namespaces.set(path, namespace);
    namespace.follow(module.namespace as ModuleNamespace);
    return namespace.names;
  }

  #create(path: string): LocalModule {
    const stamp = fileStamp(path);
    if (stamp === undefined) throw new Error(`import: got no file ${path}, expected a module there`);
    const code = readFileSync(path, "utf8");
    const url = pathToFileURL(path).href;
    const module = new SourceTextModule(this.#compile(code, path, url), {
      identifier: url,
      initializeImportMeta: (meta) => {
        Object.assign(meta, {
          url,
          filename: path,
          dirname: folderOf(path),
          resolve: (specifier: string) => pathToFileURL(localFile(specifier, folderOf(path)) ?? specifier).href,
        });
      },
      importModuleDynamically: ((specifier: string) => this.import(specifier, folderOf(path))) as never,
    });
    const local = { path, stamp, module, importsPaths: new Set<string>() };
    this.#modules.set(path, local);
    return local;
  }

  #compile(code: string, path: string, url: string): string {
    const extension = extname(path);
    try {
      const { text, toSource } = transformModule(code, {
        ...this.#settings(),
        runtime: this.#runtime,
        isTypeScript: /^\.m?tsx?$/.test(extension),
        allowsJsx: extension.endsWith("x"),
      });
      rememberSource({ name: url, code, toCell: toSource });
      return text;
    } catch (error) {
      if (!(error instanceof CodeSyntaxError)) throw error;
      const { line, column } = positionAt(code, error.start);
      rememberSource({ name: url, code, toCell: (position) => position });
      const failure = new SyntaxError(error.message);
      failure.stack = `SyntaxError: ${error.message}\n    at ${url}:${line}:${column}`;
      throw failure;
    }
  }

  async #link(specifier: string, importer: Module): Promise<Module> {
    const importerPath = this.#pathOf(importer);
    const folder = folderOf(importerPath);
    const path = localFile(specifier, folder);
    if (path !== undefined && this.#isOurs(path)) {
      this.#modules.get(importerPath)?.importsPaths.add(path);
      return (this.#modules.get(path) ?? this.#create(path)).module;
    }
    return this.#packageModule(await this.import(specifier, folder), specifier);
  }

  #packageModule(namespace: ModuleNamespace, identifier: string): SyntheticModule {
    const known = this.#packages.get(namespace);
    if (known !== undefined) return known;
    const names = Object.keys(namespace);
    const module = new SyntheticModule(
      names,
      () => {
        for (const name of names) module.setExport(name, namespace[name]);
      },
      { identifier },
    );
    this.#packages.set(namespace, module);
    return module;
  }

  #pathOf(module: Module): string {
    for (const local of this.#modules.values()) if (local.module === module) return local.path;
    throw new Error(`import: got no file of the module ${module.identifier}`);
  }

  #forgetUnfinished(): void {
    for (const { path, module } of [...this.#modules.values()]) {
      if (module.status !== "evaluated") this.#modules.delete(path);
    }
  }

  #withImporters(changed: readonly LocalModule[]): readonly LocalModule[] {
    const affected = new Set(changed);
    for (let before = -1; before !== affected.size; ) {
      before = affected.size;
      const paths = new Set([...affected].map(({ path }) => path));
      for (const local of this.#modules.values()) {
        if ([...local.importsPaths].some((path) => paths.has(path))) affected.add(local);
      }
    }
    return [...affected];
  }
}

const liveNames = new WeakSet<object>();

/** Whether a namespace follows the changes of its file. */
export function isLiveNamespace(namespace: ModuleNamespace): boolean {
  return liveNames.has(namespace);
}

/** What import() gives for a local module: always the exports of its newest version. */
class LiveNamespace {
  readonly names: Record<string, unknown> = Object.create(null, { [Symbol.toStringTag]: { value: "Module" } });
  #current: ModuleNamespace = {};

  constructor() {
    liveNames.add(this.names);
  }

  follow(namespace: ModuleNamespace): void {
    this.#current = namespace;
    for (const name of Object.keys(this.names)) if (!(name in namespace)) delete this.names[name];
    for (const name of Object.keys(namespace)) {
      const get = (): unknown => this.#current[name];
      Object.defineProperty(this.names, name, { get, enumerable: true, configurable: true });
    }
  }
}

function isModuleCode(path: string): boolean {
  try {
    return /^\s*(?:import\b(?!\s*\()|export\b)/m.test(readFileSync(path, "utf8"));
  } catch {
    return false;
  }
}
