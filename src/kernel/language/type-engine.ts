// What the language service asks of TypeScript: a few files that exist only in memory, beside those on disk, and
// questions about positions in them. TypeScript 7 has no stable API for this yet; when it has one, it takes this shape.

/** A stretch of a file in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

export interface EngineDiagnostic extends Span {
  readonly message: string;
  readonly code: number;
  readonly severity: "error" | "warning";
}

export type DeclarationKind =
  | "const"
  | "let"
  | "function"
  | "class"
  | "enum"
  | "interface"
  | "type"
  | "namespace"
  | "import";

/** What a cell declares and whether it parses. */
export interface ParsedCell {
  readonly declarations: ReadonlyMap<string, DeclarationKind>;
  /** Names that the cell exports by itself. */
  readonly exported: ReadonlySet<string>;
  readonly hasGlobals: boolean;
  readonly syntaxErrors: readonly EngineDiagnostic[];
}

export interface EngineCompletion {
  readonly name: string;
  /** What to type where it is not the name. */
  readonly insertText?: string;
  readonly sortText: string;
  /** What is replaced, where it is not the word before the cursor. */
  readonly replacement?: Span;
  /** TypeScript's word for what it is: "method", "const", ...; that of the imported thing for an import. */
  kind(): string;
  /** Its type on one line. Asks the checker: not for every name in sight. */
  signature(): string | undefined;
}

export interface QuickInfo {
  readonly span: Span;
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface SignatureHelp {
  readonly signatures: readonly string[];
  readonly active: number;
  readonly activeParameter: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface TypeEngine {
  /** Absolute path of a file in memory of this name; relative imports in it start at the working directory. */
  pathOf(name: string): string;
  /** Adds or replaces a file in memory, read where another imports it or, as a root, always; roots should not change. */
  setFile(path: string, text: string, options?: { readonly isRoot?: boolean }): void;
  removeFile(path: string): void;
  parse(code: string): ParsedCell;
  diagnostics(path: string): readonly EngineDiagnostic[];
  completions(path: string, offset: number): readonly EngineCompletion[];
  quickInfo(path: string, offset: number): QuickInfo | undefined;
  signatureHelp(path: string, offset: number): SignatureHelp | undefined;
  /** Text of the declaration of what stands at the offset. */
  definition(path: string, offset: number): string | undefined;
  dispose(): void;
}
