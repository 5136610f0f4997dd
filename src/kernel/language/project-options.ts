// The compiler's settings for cells: the project's tsconfig where there is one, else strict. What a notebook cannot keep
// to is put right: cells are modules that await at their top level, nothing is emitted, and a name that a cell does not
// use may be used by the next one.

import { dirname } from "node:path";
import ts from "typescript-6";

export interface ProjectOptions {
  readonly options: ts.CompilerOptions;
  /** Ambient declarations that belong to the project. */
  readonly ambientFiles: readonly string[];
}

/** Settings for cells that run in this directory. */
export function projectOptions(cwd: string, nodeVersion = process.versions.node): ProjectOptions {
  const path = ts.findConfigFile(cwd, ts.sys.fileExists);
  const project = path === undefined ? undefined : readProject(path);
  const own: ts.CompilerOptions = project?.options ?? { strict: true };
  const isBundled = own.moduleResolution === ts.ModuleResolutionKind.Bundler;
  const isJsx = own.jsx !== undefined && own.jsx !== ts.JsxEmit.None;
  const resolution =
    isBundled || isJsx
      ? { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }
      : { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const options: ts.CompilerOptions = {
    ...own,
    ...resolution,
    lib: own.lib ?? libraries(Number.parseInt(nodeVersion, 10)),
    target: ts.ScriptTarget.ESNext,
    types: [...new Set([...(own.types ?? []), "node"])],
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    noEmit: true,
    skipLibCheck: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowUnreachableCode: true,
    allowUnusedLabels: true,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    isolatedDeclarations: false,
    erasableSyntaxOnly: false,
    declaration: false,
    composite: false,
    incremental: false,
    rewriteRelativeImportExtensions: false,
  };
  for (const key of ["outFile", "outDir", "rootDir", "tsBuildInfoFile", "declarationMap", "sourceMap"]) {
    delete options[key];
  }
  return { options, ambientFiles: project?.ambientFiles ?? [] };
}

function readProject(path: string): ProjectOptions {
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, dirname(path), undefined, path);
  return { options, ambientFiles: fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name)) };
}

/** The standard library that this version of Node has; no DOM. */
function libraries(nodeMajor: number): string[] {
  const names = ["esnext.disposable", "esnext.decorators"];
  if (nodeMajor >= 24) names.push("es2025", "esnext.array", "esnext.error");
  else if (nodeMajor >= 22) names.push("es2024", "es2025.iterator", "es2025.collection", "esnext.array");
  else names.push("es2023", "es2024.string");
  return names.map((name) => `lib.${name}.d.ts`);
}
