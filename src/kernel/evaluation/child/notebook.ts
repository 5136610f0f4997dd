// What the cells share: which names they have declared, and the modules that they have imported.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CellImport, CellOptions, CellScript, ImportedName } from "../transform/cell.ts";
import type { CodeSettings } from "../transform/lower.ts";
import { importPackage, type ModuleNamespace } from "./package-imports.ts";

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

  constructor(folder: string, packageRoot: string) {
    this.folder = folder;
    this.packageRoot = packageRoot;
  }

  options(serial: number, wantsResult: boolean, settings: CodeSettings): CellOptions {
    return {
      ...settings,
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
    for (const name of [...script.constants, ...script.variables]) this.#declared.add(name);
  }

  import(specifier: string, attributes: Readonly<Record<string, string>> = {}): Promise<ModuleNamespace> {
    return importPackage(specifier, this.folder, this.packageRoot, attributes);
  }

  /** Loads the modules that a cell imports, in order. @throws SyntaxError for a name that a module does not export. */
  async bindings(imports: readonly CellImport[]): Promise<readonly ImportBinding[]> {
    const bindings: ImportBinding[] = [];
    for (const { specifier, attributes, names } of imports) {
      const namespace = await this.import(specifier, attributes);
      for (const name of names) {
        if (isBound(name, namespace, specifier))
          bindings.push({ local: name.local, imported: name.imported, namespace });
      }
    }
    return bindings;
  }

  get meta(): Readonly<Record<string, unknown>> {
    const filename = join(this.folder, "notebook.ts");
    return { url: pathToFileURL(filename).href, filename, dirname: this.folder, main: true };
  }
}

export function boundValue({ imported, namespace }: ImportBinding): unknown {
  return imported === "*" ? namespace : namespace[imported];
}

/** A name that is not exported is a mistake where it is used as a value, else it names a type. */
function isBound({ imported, isUsedAsValue }: ImportedName, namespace: ModuleNamespace, specifier: string): boolean {
  if (imported === "*" || imported in namespace) return true;
  if (!isUsedAsValue) return false;
  throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${imported}'`);
}
