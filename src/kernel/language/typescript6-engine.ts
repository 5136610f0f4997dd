import ts from "typescript-6";
import { documentationText } from "./documentation.ts";
import { parseCell, toEngineDiagnostic } from "./parse-cell.ts";
import { projectOptions } from "./project-options.ts";
import type {
  EngineCompletion,
  EngineDiagnostic,
  ParsedCell,
  QuickInfo,
  SignatureHelp,
  TypeEngine,
} from "./type-engine.ts";
import { TypeScript6Host } from "./typescript6-host.ts";

const COMPLETION_PREFERENCES: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsForModuleExports: false,
  includeSymbol: true,
  quotePreference: "double",
};

/** TypeScript 6's language service over files in memory that stand in the working directory. */
export function createTypeScript6Engine(cwd: string): TypeEngine {
  return new TypeScript6Engine(cwd);
}

class TypeScript6Engine implements TypeEngine {
  readonly #cwd: string;
  readonly #isJsx: boolean;
  readonly #host: TypeScript6Host;
  readonly #service: ts.LanguageService;

  constructor(cwd: string) {
    const { options, ambientFiles } = projectOptions(cwd);
    this.#cwd = cwd.replace(/\/$/, "");
    this.#isJsx = options.jsx !== undefined && options.jsx !== ts.JsxEmit.None;
    this.#host = new TypeScript6Host(this.#cwd, options, ambientFiles, this.#isJsx ? ".tsx" : ".mts");
    this.#service = ts.createLanguageService(this.#host);
  }

  pathOf(name: string): string {
    return `${this.#cwd}/${name}${name.endsWith(".d.ts") ? "" : this.#isJsx ? ".tsx" : ".mts"}`;
  }

  setFile(path: string, text: string, { isRoot = false }: { readonly isRoot?: boolean } = {}): void {
    this.#host.setFile(path, text, isRoot);
  }

  removeFile(path: string): void {
    this.#host.removeFile(path);
  }

  parse(code: string): ParsedCell {
    return parseCell(code, this.#isJsx);
  }

  diagnostics(path: string): readonly EngineDiagnostic[] {
    this.#host.refresh();
    return this.#service.getSemanticDiagnostics(path).map(toEngineDiagnostic);
  }

  completions(path: string, offset: number): readonly EngineCompletion[] {
    this.#host.refresh();
    const found = this.#service.getCompletionsAtPosition(path, offset, COMPLETION_PREFERENCES);
    const program = this.#service.getProgram();
    const source = program?.getSourceFile(path);
    if (found === undefined || program === undefined || source === undefined) return [];
    const checker = program.getTypeChecker();
    return found.entries.map((entry) => toCompletion(entry, checker, source));
  }

  quickInfo(path: string, offset: number): QuickInfo | undefined {
    this.#host.refresh();
    const info = this.#service.getQuickInfoAtPosition(path, offset);
    if (info === undefined || info.kind === ts.ScriptElementKind.unknown) return undefined;
    return {
      span: info.textSpan,
      signature: declarationText(info.displayParts),
      documentation: documentationText(info.documentation, info.tags),
    };
  }

  signatureHelp(path: string, offset: number): SignatureHelp | undefined {
    this.#host.refresh();
    const help = this.#service.getSignatureHelpItems(path, offset, undefined);
    if (help === undefined) return undefined;
    const item = help.items[help.selectedItemIndex];
    const parameter = item.parameters[Math.min(help.argumentIndex, item.parameters.length - 1)];
    const about = parameter === undefined ? "" : ts.displayPartsToString(parameter.documentation);
    const parameterLine = about === "" ? "" : `**${parameter.name}**: ${about}\n\n`;
    const tags = item.tags.filter(({ name }) => name !== "param");
    return {
      signatures: help.items.map(signatureText),
      active: help.selectedItemIndex,
      activeParameter: parameter?.name ?? "",
      documentation: (parameterLine + documentationText(item.documentation, tags)).trim(),
    };
  }

  definition(path: string, offset: number): string | undefined {
    this.#host.refresh();
    const [first] = this.#service.getDefinitionAtPosition(path, offset) ?? [];
    if (first === undefined) return undefined;
    const source = this.#service.getProgram()?.getSourceFile(first.fileName);
    const { start, length } = first.contextSpan ?? first.textSpan;
    return source?.text.slice(start, start + length);
  }

  dispose(): void {
    this.#service.dispose();
  }
}

function toCompletion(entry: ts.CompletionEntry, checker: ts.TypeChecker, source: ts.SourceFile): EngineCompletion {
  const { name, insertText, sortText, replacementSpan, symbol } = entry;
  const isAlias = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = (): ts.Symbol | undefined => (isAlias ? checker.getAliasedSymbol(symbol) : symbol);
  return {
    name,
    sortText,
    ...(insertText === undefined ? {} : { insertText }),
    ...(replacementSpan === undefined ? {} : { replacement: replacementSpan }),
    kind: () => (isAlias ? kindOf(target()) : entry.kind),
    signature: () => signatureOf(target(), checker, source),
  };
}

function kindOf(symbol: ts.Symbol | undefined): string {
  const flags = symbol?.flags ?? 0;
  const kinds: readonly (readonly [number, string])[] = [
    [ts.SymbolFlags.Function, "function"],
    [ts.SymbolFlags.Class, "class"],
    [ts.SymbolFlags.Enum, "enum"],
    [ts.SymbolFlags.Variable, "const"],
    [ts.SymbolFlags.Interface, "interface"],
    [ts.SymbolFlags.TypeAlias, "type"],
  ];
  return kinds.find(([flag]) => (flags & flag) !== 0)?.[1] ?? "module";
}

function signatureOf(
  symbol: ts.Symbol | undefined,
  checker: ts.TypeChecker,
  source: ts.SourceFile,
): string | undefined {
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Value) === 0) return undefined;
  const type = checker.getTypeOfSymbolAtLocation(symbol, source);
  const [first, ...others] = type.getCallSignatures();
  if (first === undefined || type.getConstructSignatures().length > 0)
    return withoutCellFiles(checker.typeToString(type));
  const more = others.length === 0 ? "" : ` (+${others.length} overload${others.length === 1 ? "" : "s"})`;
  const text = withoutCellFiles(checker.signatureToString(first)) + more;
  return text.replace(/(\?: [^,()]+) \| undefined(?=[,)])/g, "$1"); // an optional parameter says it twice
}

/** How a name is declared, without the detour over the import that brought it into the cell. */
function declarationText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = ts.displayPartsToString(parts ? [...parts] : []);
  const withoutImport = text.replace(/^\(alias\) /, "").replace(/\n(import|export) [^\n]*$/, "");
  return withoutCellFiles(withoutImport);
}

function withoutCellFiles(text: string): string {
  return text.replace(/import\("[^"]*\/labelfree-(cell-\d+|draft)"\)\./g, "");
}

function signatureText(item: ts.SignatureHelpItem): string {
  const text = (parts: readonly ts.SymbolDisplayPart[]): string => ts.displayPartsToString([...parts]);
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  return (
    text(item.prefixDisplayParts) + parameters.join(text(item.separatorDisplayParts)) + text(item.suffixDisplayParts)
  );
}
