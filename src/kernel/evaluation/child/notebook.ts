// What the cells share: which names they have declared, and the modules that they have imported.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CellImport, CellOptions, CellScript, ImportedName } from "../transform/cell.ts";
import type { CodeSettings } from "../transform/lower.ts";
import { isLiveNamespace, LocalModules } from "./local-modules.ts";
import type { ModuleNamespace } from "./package-imports.ts";
import { projectSettings } from "./project-settings.ts";

/** The global through which a cell's script speaks with the kernel. */
export const RUNTIME = "__labelfree";

/** A name that a cell has imported: where its value is found. */
export interface ImportBinding {
  readonly local: string;
  readonly imported: string;
  readonly namespace: ModuleNamespace;
}

export class Notebook {
  readonly folder: string;
  readonly packageRoot: string;
  readonly #declared = new Set<string>();
  readonly #constants = new Set<string>();
  readonly #mirrors = new Map<string, { readonly binding: ImportBinding; value: unknown }>();
  readonly modules: LocalModules;
  #settings: CodeSettings | undefined;

  constructor(folder: string, packageRoot: string) {
    this.folder = folder;
    this.packageRoot = packageRoot;
    this.modules = new LocalModules(packageRoot, RUNTIME, () => this.settings);
  }

  get settings(): CodeSettings {
    this.#settings ??= projectSettings(this.folder);
    return this.#settings;
  }

  options(serial: number, wantsResult: boolean): CellOptions {
    return {
      ...this.settings,
      runtime: RUNTIME,
      serial,
      declared: this.#declared,
      constants: this.#constants,
      wantsResult,
    };
  }

  /** Takes note of what a script has declared. */
  declare(script: CellScript): void {
    for (const name of script.constants) this.#constants.add(name);
    for (const name of script.variables) this.#constants.delete(name);
    const imported = new Set(script.imports.flatMap(({ names }) => names.map(({ local }) => local)));
    for (const name of [...script.constants, ...script.variables]) {
      if (!imported.has(name)) this.#variable(name);
    }
  }

  import(specifier: string, attributes: Readonly<Record<string, string>> = {}): Promise<ModuleNamespace> {
    return this.modules.import(specifier, this.folder, attributes);
  }

  /**
   * Puts imported names into the notebook's scope. A name of a local module is a property of the global object that reads
   * the module, so that it is live; a name that V8 holds as a variable already, or that comes from a package, is one.
   * @returns the names that are to be assigned as variables
   */
  place(bindings: readonly ImportBinding[]): readonly ImportBinding[] {
    const variables = bindings.filter((binding) => !isLive(binding) || this.#declared.has(binding.local));
    for (const binding of bindings) {
      this.#mirrors.delete(binding.local);
      if (!variables.includes(binding)) this.#placeLive(binding);
      else {
        this.#variable(binding.local);
        if (isLive(binding)) this.#mirrors.set(binding.local, { binding, value: boundValue(binding) });
      }
    }
    return variables;
  }

  /** Variables that stand for live names and lag behind them. */
  staleMirrors(): readonly ImportBinding[] {
    const stale: ImportBinding[] = [];
    for (const mirror of this.#mirrors.values()) {
      const value = boundValue(mirror.binding);
      if (Object.is(value, mirror.value)) continue;
      mirror.value = value;
      stale.push(mirror.binding);
    }
    return stale;
  }

  #placeLive(binding: ImportBinding): void {
    Object.defineProperty(globalThis, binding.local, {
      get: () => boundValue(binding),
      set: () => {
        throw new TypeError(`Assignment to constant variable. (${binding.local})`);
      },
      enumerable: true,
      configurable: true,
    });
  }

  #variable(name: string): void {
    this.#declared.add(name);
    this.#mirrors.delete(name);
  }

  /** Loads what one statement imports. @throws SyntaxError for a name that the module does not export. */
  async bindings({ specifier, attributes, names }: CellImport): Promise<readonly ImportBinding[]> {
    const namespace = await this.import(specifier, attributes);
    return names
      .filter((name) => isBound(name, namespace, specifier))
      .map(({ local, imported }) => ({ local, imported, namespace }));
  }

  get meta(): Readonly<Record<string, unknown>> {
    const filename = join(this.folder, "notebook.ts");
    return { url: pathToFileURL(filename).href, filename, dirname: this.folder, main: true };
  }
}

export function boundValue({ imported, namespace }: ImportBinding): unknown {
  return imported === "*" ? namespace : namespace[imported];
}

function isLive({ namespace, imported }: ImportBinding): boolean {
  return imported !== "*" && isLiveNamespace(namespace);
}

/** A name that is not exported is a mistake where it is used as a value, else it names a type. */
function isBound({ imported, isUsedAsValue }: ImportedName, namespace: ModuleNamespace, specifier: string): boolean {
  if (imported === "*" || imported in namespace) return true;
  if (!isUsedAsValue) return false;
  throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${imported}'`);
}
