import ts from "typescript-6";
import type { DeclarationKind, EngineDiagnostic, ParsedCell } from "./type-engine.ts";

/** What the text of a cell declares at its top level, `var` in its blocks included. */
export function parseCell(code: string, isJsx: boolean): ParsedCell {
  const name = isJsx ? "cell.tsx" : "cell.mts";
  const source = ts.createSourceFile(name, code, {
    languageVersion: ts.ScriptTarget.ESNext,
    impliedNodeFormat: ts.ModuleKind.ESNext,
  });
  const declarations = new Map<string, DeclarationKind>();
  const exported = new Set<string>();
  let hasGlobals = false;
  for (const statement of source.statements) {
    const names = declaredNames(statement);
    for (const [declared, kind] of names) declarations.set(declared, kind);
    if (isExported(statement)) for (const [declared] of names) exported.add(declared);
    if (ts.isExportDeclaration(statement)) for (const given of exportedNames(statement)) exported.add(given);
    hasGlobals ||= ts.isModuleDeclaration(statement) && (isGlobal(statement) || ts.isStringLiteral(statement.name));
  }
  return { declarations, exported, hasGlobals, syntaxErrors: syntaxErrors(source) };
}

type Declared = readonly [string, DeclarationKind];

function declaredNames(statement: ts.Statement): Declared[] {
  if (ts.isVariableStatement(statement)) return variableNames(statement.declarationList);
  if (ts.isFunctionDeclaration(statement)) return named(statement.name, "function");
  if (ts.isClassDeclaration(statement)) return named(statement.name, "class");
  if (ts.isEnumDeclaration(statement)) return named(statement.name, "enum");
  if (ts.isInterfaceDeclaration(statement)) return named(statement.name, "interface");
  if (ts.isTypeAliasDeclaration(statement)) return named(statement.name, "type");
  if (ts.isImportEqualsDeclaration(statement)) return named(statement.name, "import");
  if (ts.isModuleDeclaration(statement)) {
    return ts.isIdentifier(statement.name) && !isGlobal(statement) ? named(statement.name, "namespace") : [];
  }
  if (ts.isImportDeclaration(statement)) return importedNames(statement.importClause);
  return hoistedNames(statement);
}

function named(name: ts.Identifier | undefined, kind: DeclarationKind): Declared[] {
  return name === undefined || name.text === "" ? [] : [[name.text, kind]]; // "" where the parser missed a name
}

function variableNames(list: ts.VariableDeclarationList): Declared[] {
  const isConstant = (list.flags & ts.NodeFlags.Constant) !== 0; // const and using
  return list.declarations.flatMap(({ name }) => boundNames(name, isConstant ? "const" : "let"));
}

function boundNames(name: ts.BindingName, kind: DeclarationKind): Declared[] {
  if (ts.isIdentifier(name)) return named(name, kind);
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name, kind) : []));
}

function importedNames(clause: ts.ImportClause | undefined): Declared[] {
  if (clause === undefined) return [];
  const { name, namedBindings: bindings } = clause;
  const names = named(name, "import");
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, ...named(bindings.name, "import")];
  return [...names, ...bindings.elements.flatMap((element) => named(element.name, "import"))];
}

/** `var` inside blocks and loops belongs to the whole cell. */
function hoistedNames(node: ts.Node): Declared[] {
  const names: Declared[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isFunctionLike(inner) || ts.isClassLike(inner)) return;
    if (ts.isVariableDeclarationList(inner) && (inner.flags & ts.NodeFlags.BlockScoped) === 0) {
      names.push(...variableNames(inner));
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function exportedNames({ exportClause }: ts.ExportDeclaration): string[] {
  return exportClause !== undefined && ts.isNamedExports(exportClause)
    ? exportClause.elements.map(({ name }) => name.text)
    : [];
}

function isGlobal(statement: ts.ModuleDeclaration): boolean {
  return (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

/** The parser's own errors, which TypeScript keeps beside the tree and out of its declarations. */
function syntaxErrors(source: ts.SourceFile): EngineDiagnostic[] {
  const { parseDiagnostics } = source as ts.SourceFile & {
    readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  return parseDiagnostics.map(toEngineDiagnostic);
}

/** A diagnostic of TypeScript in the engine's terms. */
export function toEngineDiagnostic(diagnostic: ts.Diagnostic): EngineDiagnostic {
  return {
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    code: diagnostic.code,
    severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
    start: diagnostic.start ?? 0,
    length: diagnostic.length ?? 0,
  };
}
