// What TypeScript has beyond types is compiled, and positions go through a source map: enums, namespaces with values,
// parameter properties, decorators, JSX, `using` where this V8 does not know it. oxc does it
// where it can, since TypeScript takes 0.3 s to load.

import { createRequire, SourceMap } from "node:module";
import { Script } from "node:vm";
import type * as Oxc from "oxc-transform";
import type * as TypeScript from "typescript-6";
import type { Position } from "./position.ts";
import { isTypeOnly } from "./strip-types.ts";
import { children, CodeSyntaxError, type Node } from "./syntax.ts";

export interface JsxSettings {
  readonly runtime: "classic" | "automatic";
  readonly importSource?: string;
  readonly pragma?: string;
  readonly pragmaFragment?: string;
}

export interface CodeSettings {
  /** As the project's tsconfig asks; without JSX, `<T>x` is a type assertion. */
  readonly jsx?: JsxSettings;
  readonly hasLegacyDecorators: boolean;
}

export interface LoweredCode {
  readonly code: string;
  toSource(position: Position): Position;
}

const BEYOND_TYPES = new Set([
  "TSEnumDeclaration",
  "TSModuleDeclaration",
  "TSParameterProperty",
  "TSImportEqualsDeclaration",
  "TSExportAssignment",
  "Decorator",
  "AccessorProperty",
  "JSXElement",
  "JSXFragment",
]);

/** Whether blanking types is not enough to run these statements. */
export function needsLowering(body: readonly Node[]): boolean {
  return body.some((node) =>
    node.type !== "VariableDeclaration" || !isUsing(node) ? goesBeyond(node) : childrenGoBeyond(node),
  );
}

function goesBeyond(node: Node): boolean {
  if (isTypeOnly(node) || node.type === "TSTypeAnnotation") return false;
  if (BEYOND_TYPES.has(node.type)) return true;
  if (node.type === "VariableDeclaration" && isUsing(node) && !runtimeKnowsUsing()) return true;
  return childrenGoBeyond(node);
}

function childrenGoBeyond(node: Node): boolean {
  for (const child of children(node)) if (goesBeyond(child)) return true;
  return false;
}

function isUsing(node: Node): boolean {
  return node.kind === "using" || node.kind === "await using";
}

/** What oxc compiles not at all, or only with helpers from a package of its own. */
function needsTypeScript(node: Node): boolean {
  if (node.type === "Decorator" || node.type === "AccessorProperty") return true;
  if (node.type === "VariableDeclaration" && isUsing(node) && !runtimeKnowsUsing()) return true;
  for (const child of children(node)) if (needsTypeScript(child)) return true;
  return false;
}

/** JavaScript of TypeScript. @throws CodeSyntaxError */
export function lower(code: string, body: readonly Node[], settings: CodeSettings): LoweredCode {
  const isForTypeScript = body.some((node) =>
    isUsing(node) ? [...children(node)].some(needsTypeScript) : needsTypeScript(node),
  );
  return isForTypeScript ? lowerByTypeScript(code, settings) : lowerByOxc(code, settings);
}

function lowerByOxc(code: string, settings: CodeSettings): LoweredCode {
  const { transformSync } = createRequire(import.meta.url)("oxc-transform") as typeof Oxc;
  const { jsx } = settings;
  const result = transformSync(jsx === undefined ? "cell.ts" : "cell.tsx", code, {
    sourcemap: true,
    sourceType: "module",
    target: "esnext",
    typescript: { onlyRemoveTypeImports: true },
    ...(jsx === undefined ? {} : { jsx: { ...jsx, development: false } }),
  });
  const mistake = result.errors.find((error) => error.severity === "Error");
  if (mistake !== undefined) {
    throw new CodeSyntaxError(mistake.message, mistake.labels[0]?.start ?? 0, mistake.labels[0]?.end ?? 0);
  }
  return { code: result.code, toSource: throughMap(result.map) };
}

function lowerByTypeScript(code: string, settings: CodeSettings): LoweredCode {
  const typescript = createRequire(import.meta.url)("typescript-6") as typeof TypeScript;
  const { jsx } = settings;
  const output = typescript.transpileModule(code, {
    fileName: jsx === undefined ? "cell.ts" : "cell.tsx",
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      experimentalDecorators: settings.hasLegacyDecorators,
      useDefineForClassFields: true,
      sourceMap: true,
      ...(jsx === undefined ? {} : jsxOptions(jsx, typescript)),
    },
  });
  return {
    code: output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ""),
    toSource: throughMap(JSON.parse(output.sourceMapText ?? "{}")),
  };
}

function jsxOptions(jsx: JsxSettings, typescript: typeof TypeScript): Record<string, unknown> {
  return {
    jsx: jsx.runtime === "automatic" ? typescript.JsxEmit.ReactJSX : typescript.JsxEmit.React,
    ...(jsx.importSource === undefined ? {} : { jsxImportSource: jsx.importSource }),
    ...(jsx.pragma === undefined ? {} : { jsxFactory: jsx.pragma }),
    ...(jsx.pragmaFragment === undefined ? {} : { jsxFragmentFactory: jsx.pragmaFragment }),
  };
}

function throughMap(map: unknown): (position: Position) => Position {
  const sourceMap = new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]);
  return ({ line, column }) => {
    const entry = sourceMap.findEntry(line - 1, column - 1);
    return "originalLine" in entry
      ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 }
      : { line, column };
  };
}

let knowsUsing: boolean | undefined;

function runtimeKnowsUsing(): boolean {
  if (knowsUsing !== undefined) return knowsUsing;
  try {
    new Script("{ using resource = null; }");
    knowsUsing = true;
  } catch {
    knowsUsing = false;
  }
  return knowsUsing;
}
