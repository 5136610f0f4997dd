// A cell becomes a script for V8's REPL mode, in which top-level `let` and `class` may be declared again and top-level
// await works. V8 keeps `const`, `var` and function declarations apart from those, so they are written as `let` (a
// function keeps its hoisting through a script of its own), and writes to a const are refused here. Imports are taken
// out: who runs the cell loads the modules first. Every token keeps its line, and its column through a columns map.

import { refuseConstWrites } from "./const-writes.ts";
import { Edits, originalPosition } from "./edits.ts";
import type { Position } from "./position.ts";
import { type CodeSettings, lower, needsLowering } from "./lower.ts";
import { checkAwaitingLoops, isLoop } from "./loops.ts";
import { isTypeOnly, stripTypesAt } from "./strip-types.ts";
import { children, isFunction, type Node, parse, patternNames, positionAt } from "./syntax.ts";
import { valueNames } from "./value-names.ts";

export interface ImportedName {
  readonly imported: string; // "*" is the whole module, "default" its default
  readonly local: string;
  readonly isUsedAsValue: boolean; // in this cell
}

export interface CellImport {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly names: readonly ImportedName[];
  readonly position: Position; // in the cell
}

export interface Script {
  readonly text: string;
  toCell(position: Position): Position;
}

export interface CellScript {
  /** Functions that other code of the cell may call before they are declared; runs first. */
  readonly hoisted: Script | undefined;
  readonly main: Script;
  readonly imports: readonly CellImport[];
  readonly variables: readonly string[];
  readonly constants: readonly string[];
}

export interface CellOptions extends CodeSettings {
  /** Name of the object through which the script speaks with its runner. */
  readonly runtime: string;
  readonly serial: number; // of the cell
  /** Names that the notebook's cells have declared: all of them, and those that are constants. */
  readonly declared: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
  /** Whether the value of the last expression goes to the runner. */
  readonly wantsResult: boolean;
}

/** @throws CodeSyntaxError with offsets into the code. */
export function transformCell(code: string, options: CellOptions): CellScript {
  const { body } = parse(code, options.jsx === undefined ? "ts" : "tsx");
  const wantsResult = options.wantsResult && endsInResult(code, body.at(-1));
  if (!needsLowering(body))
    return new CellTransform(code, body, { ...options, wantsResult }).run((position) => position);
  const early = new Edits(code);
  for (const node of body) if (node.type === "VariableDeclaration") writeUsing(node, early, options);
  const edited = early.apply();
  const lowered = lower(edited.text, body, options);
  return new CellTransform(lowered.code, parse(lowered.code, "js").body, { ...options, wantsResult }).run((position) =>
    originalPosition(edited.columns, lowered.toSource(position)),
  );
}

function endsInResult(code: string, last: Node | undefined): boolean {
  return last?.type === "ExpressionStatement" && code[last.end - 1] !== ";";
}

class CellTransform {
  readonly #body: readonly Node[];
  readonly #options: CellOptions;
  readonly #edits: Edits;
  readonly #imports: { readonly node: Node; readonly names: readonly Omit<ImportedName, "isUsedAsValue">[] }[] = [];
  readonly #variables = new Set<string>();
  readonly #constants = new Set<string>();
  readonly #predeclared = new Set<string>();
  readonly #functions: Node[] = [];

  constructor(code: string, body: readonly Node[], options: CellOptions) {
    this.#body = body;
    this.#options = options;
    this.#edits = new Edits(code);
  }

  run(toCell: (position: Position) => Position): CellScript {
    for (const statement of this.#body) this.#topLevel(statement);
    for (const statement of this.#body) {
      this.#visit(statement, undefined, true);
      checkAwaitingLoops(statement, this.#edits, this.#options.runtime);
    }
    if (this.#options.wantsResult) this.#keepResult(this.#body.at(-1));
    this.#refuseConstWrites();
    const script = (edits: Edits, names: readonly string[]): Script => {
      edits.prepend(names.length > 0 ? `"use strict";let ${names.join(",")};` : '"use strict";');
      const { text, columns } = edits.apply();
      return { text, toCell: (position) => toCell(originalPosition(columns, position)) };
    };
    const hoistedNames = this.#hasLateFunction() ? this.#functionNames() : [];
    const mainNames = [...this.#predeclared].filter((name) => !hoistedNames.includes(name));
    const { hoisted, main } = this.#split(hoistedNames.length > 0);
    return {
      hoisted: hoisted && script(hoisted, hoistedNames),
      main: script(main, mainNames),
      imports: this.#cellImports(toCell),
      variables: [...this.#variables],
      constants: [...this.#constants],
    };
  }

  #topLevel(node: Node): void {
    if (isTypeOnly(node)) return;
    switch (node.type) {
      case "ImportDeclaration":
        this.#edits.blankStatement(node.start, node.end);
        return this.#import(node);
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        return this.#export(node);
      case "ExportAllDeclaration":
        this.#edits.blankStatement(node.start, node.end);
        this.#imports.push({ node, names: [] });
        return;
      case "FunctionDeclaration": {
        const name = (node.id as Node).name as string;
        this.#functions.push(node);
        this.#variables.add(name);
        this.#predeclared.add(name);
        return writeAsAssignment(node, name, this.#edits);
      }
      case "ClassDeclaration":
        this.#variables.add((node.id as Node).name as string);
        return;
      case "VariableDeclaration":
        return this.#declare(node);
    }
  }

  #declare(node: Node): void {
    if (node.kind === "var") return; // see #hoistVar
    const names = (node.declarations as Node[]).flatMap((declarator) => patternNames(declarator.id as Node));
    const target = node.kind === "let" ? this.#variables : this.#constants;
    for (const name of names) target.add(name);
    if (node.kind === "const") this.#edits.replace(node.start, node.start + "const".length, "let  ");
    writeUsing(node, this.#edits, this.#options);
  }

  #import(node: Node): void {
    const specifiers = node.specifiers as Node[];
    const names = specifiers.filter((specifier) => specifier.importKind !== "type").map(importedName);
    if (names.length === 0 && specifiers.length > 0) return; // only types
    for (const { local } of names) this.#constants.add(local);
    this.#imports.push({ node, names });
  }

  #export(node: Node): void {
    const declaration = node.declaration as Node | null;
    if (declaration === null) {
      this.#edits.blankStatement(node.start, node.end);
      if (node.source != null) this.#imports.push({ node, names: [] });
      return;
    }
    const isDeclaration =
      declaration.type.endsWith("Declaration") &&
      (declaration.type === "VariableDeclaration" || declaration.id != null);
    if (isDeclaration) {
      this.#edits.blank(node.start, declaration.start);
      return this.#topLevel(declaration);
    }
    this.#edits.insert(node.start, ";(");
    this.#edits.blank(node.start, declaration.start);
    this.#edits.insert(declaration.end, ")");
  }

  /** Strips types and rewrites what no script can have, at every depth. */
  #visit(node: Node, parent: Node | undefined, isTopScope: boolean): void {
    if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") {
      if (isTypeOnly(node)) stripTypesAt(node, this.#edits);
      return;
    }
    if (node.type === "ExportNamedDeclaration" && node.declaration === null) return;
    if (!stripTypesAt(node, this.#edits)) return;
    const { runtime } = this.#options;
    if (node.type === "ImportExpression") {
      this.#edits.replace(node.start, node.start + "import".length, `${runtime}.import`);
    } else if (node.type === "MetaProperty" && (node.meta as Node).name === "import") {
      this.#edits.replace(node.start, node.end, `${runtime}.meta`);
      return;
    } else if (node.type === "VariableDeclaration" && node.kind === "var" && isTopScope) {
      this.#hoistVar(node, parent);
    }
    const isInside = isTopScope && !isFunction(node) && node.type !== "ClassBody";
    for (const child of children(node)) this.#visit(child, node, isInside);
  }

  /** `var` becomes an assignment to a variable that is declared before the cell's code, and kept if it is there. */
  #hoistVar(node: Node, parent: Node | undefined): void {
    const declarators = node.declarations as Node[];
    for (const name of declarators.flatMap((declarator) => patternNames(declarator.id as Node))) {
      const isKept = this.#options.declared.has(name) && declarators.every((declarator) => !isMerged(declarator, name));
      if (!isKept && !this.#variables.has(name)) this.#predeclared.add(name);
      this.#variables.add(name);
    }
    const isLoopHead = parent !== undefined && isLoop(parent) && parent.body !== node;
    const isListed = parent === undefined || /^(?:Block|Export|SwitchCase)/.test(parent.type);
    const keywordEnd = node.start + "var".length;
    const opensWithBrace = (declarators[0].id as Node).type === "ObjectPattern" && !isLoopHead;
    this.#edits.replace(node.start, keywordEnd, isListed && !isLoopHead ? ";  " : "   ");
    if (!opensWithBrace) return;
    this.#edits.insert(declarators[0].start, "(");
    this.#edits.insert(declarators[declarators.length - 1].end, ")");
  }

  #keepResult(last: Node | undefined): void {
    if (last?.type !== "ExpressionStatement") return;
    const expression = last.expression as Node;
    this.#edits.insert(expression.start, `${this.#options.runtime}.result(${this.#options.serial},(`);
    this.#edits.insert(expression.end, "))");
  }

  #refuseConstWrites(): void {
    const constants = new Set([...this.#options.constants, ...this.#constants]);
    for (const name of this.#variables) constants.delete(name);
    refuseConstWrites(this.#body, constants, this.#edits, this.#options.runtime);
  }

  #hasLateFunction(): boolean {
    const statements = this.#body.filter(
      (statement) => !isTypeOnly(statement) && statement.type !== "ImportDeclaration",
    );
    const firstOther = statements.findIndex((statement) => !this.#isFunction(statement));
    return firstOther >= 0 && statements.slice(firstOther).some((statement) => this.#isFunction(statement));
  }

  #isFunction(statement: Node): boolean {
    return this.#functions.includes(statement) || this.#functions.includes(statement.declaration as Node);
  }

  #functionNames(): readonly string[] {
    return [...new Set(this.#functions.map((node) => (node.id as Node).name as string))];
  }

  #split(isHoisting: boolean): { hoisted: Edits | undefined; main: Edits } {
    if (!isHoisting) return { hoisted: undefined, main: this.#edits };
    return { hoisted: this.#edits.within(this.#functions), main: this.#edits.without(this.#functions) };
  }

  #cellImports(toCell: (position: Position) => Position): readonly CellImport[] {
    if (this.#imports.length === 0) return [];
    const values = valueNames(this.#body);
    return this.#imports.map(({ node, names }) => ({
      specifier: (node.source as Node).value as string,
      attributes: importAttributes(node),
      position: toCell(positionAt(this.#edits.source, node.start)),
      names: names.map((name) => ({ ...name, isUsedAsValue: values.has(name.local) })),
    }));
  }
}

/** `function f() {}` becomes `f=function  () {};`. */
function writeAsAssignment(node: Node, name: string, edits: Edits): void {
  const id = node.id as Node;
  edits.insert(node.start, `${name}=`);
  edits.blank(id.start, id.end);
  edits.insert(node.end, ";");
}

/** A resource of the cell's top level is disposed of when the cell ends, and its name stays. */
function writeUsing(node: Node, edits: Edits, options: CellOptions): void {
  const kind = node.kind as string;
  if (kind !== "using" && kind !== "await using") return;
  edits.replace(node.start, node.start + kind.length, `let${" ".repeat(kind.length - 3)}`);
  for (const declarator of node.declarations as Node[]) {
    const value = declarator.init as Node;
    edits.insert(value.start, `${options.runtime}.${kind === "using" ? "use" : "useAsync"}(${options.serial},`);
    edits.insert(value.end, ")");
  }
}

function importedName(specifier: Node): Omit<ImportedName, "isUsedAsValue"> {
  const local = (specifier.local as Node).name as string;
  if (specifier.type === "ImportNamespaceSpecifier") return { imported: "*", local };
  if (specifier.type === "ImportDefaultSpecifier") return { imported: "default", local };
  const imported = specifier.imported as Node;
  return { imported: String(imported.name ?? imported.value), local };
}

function importAttributes(node: Node): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const { key, value } of (node.attributes ?? []) as { key: Node; value: Node }[]) {
    attributes[String(key.name ?? key.value)] = String(value.value);
  }
  return attributes;
}

/** `A || {}` in the initialiser of A: an enum or namespace as compiled, which must start afresh when its cell runs again. */
function isMerged(declarator: Node, name: string): boolean {
  const init = declarator.init as Node | null;
  if (init?.type !== "CallExpression") return false;
  const argument = (init.arguments as Node[])[0];
  return argument?.type === "LogicalExpression" && (argument.left as Node).name === name;
}
