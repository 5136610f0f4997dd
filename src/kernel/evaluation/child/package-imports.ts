// import() as if written in a file of some folder: first the notebook's, then labelfree's own, so that a notebook finds
// its project's packages and, where there is none, those that labelfree brings.

import { createRequire } from "node:module";
import { join } from "node:path";
import { constants, Script } from "node:vm";
import { IMPORTER_FILE } from "./stack-trace.ts";

export type ModuleNamespace = Readonly<Record<string, unknown>>;

type Importer = (specifier: string, options?: ImportCallOptions) => Promise<ModuleNamespace>;

const importers = new Map<string, Importer>();

/** Imports a package, a builtin or a URL. @throws what the import throws, as from the notebook's folder. */
export async function importPackage(
  specifier: string,
  folder: string,
  packageRoot: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<ModuleNamespace> {
  const options = Object.keys(attributes).length > 0 ? { with: attributes } : undefined;
  if (specifier === "labelfree") return importerOf(packageRoot)(specifier);
  try {
    return await importerOf(folder)(specifier, options);
  } catch (error) {
    if (!isMissingPackage(error, specifier)) throw error;
    try {
      return await importerOf(packageRoot)(specifier, options);
    } catch (second) {
      throw isMissingPackage(second, specifier) ? error : second;
    }
  }
}

/** require() of the notebook's folder, falling back on labelfree's own packages. */
export function notebookRequire(folder: string, packageRoot: string): NodeJS.Require {
  const own = createRequire(join(folder, "notebook.ts"));
  const fallback = createRequire(join(packageRoot, "notebook.ts"));
  const require = (id: string): unknown => {
    try {
      return own(id);
    } catch (error) {
      if (!isMissingPackage(error, id) || !canResolve(fallback, id)) throw error;
      return fallback(id);
    }
  };
  return Object.assign(require, {
    resolve: own.resolve,
    cache: own.cache,
    main: undefined,
    extensions: own.extensions,
  });
}

function importerOf(folder: string): Importer {
  let importer = importers.get(folder);
  if (importer === undefined) {
    const script = new Script("(specifier, options) => import(specifier, options)", {
      filename: join(folder, IMPORTER_FILE),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    importer = script.runInThisContext() as Importer;
    importers.set(folder, importer);
  }
  return importer;
}

function isMissingPackage(error: unknown, specifier: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  if (error.code !== "ERR_MODULE_NOT_FOUND" && error.code !== "MODULE_NOT_FOUND") return false;
  const [scope, name] = specifier.split("/");
  return error.message.includes(`'${scope.startsWith("@") ? `${scope}/${name}` : scope}`);
}

function canResolve(require: NodeJS.Require, id: string): boolean {
  try {
    require.resolve(id);
    return true;
  } catch {
    return false;
  }
}
