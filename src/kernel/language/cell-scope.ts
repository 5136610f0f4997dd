// Which cell a name comes from. Each cell is a module of its own; the names of earlier cells that it uses come in by a
// first line: imports for what does not change, `declare let` for what does, as an import cannot be assigned to. The
// last declaration of a name wins, as it does when cells run.

import type { DeclarationKind, ParsedCell } from "./type-engine.ts";

interface Owner {
  readonly module: string;
  readonly kind: DeclarationKind;
}

export class CellScope {
  readonly #owners = new Map<string, Owner>();
  readonly #globalModules: string[] = [];

  /** Makes the declarations of a cell known to the cells after it. */
  add(module: string, { declarations, hasGlobals }: ParsedCell): void {
    for (const [name, kind] of declarations) this.#owners.set(name, { module, kind });
    if (hasGlobals) this.#globalModules.push(module);
  }

  ownerOf(name: string): Owner | undefined {
    return this.#owners.get(name);
  }

  /** Modules that some name comes from. */
  liveModules(): ReadonlySet<string> {
    return new Set([...this.#globalModules, ...[...this.#owners.values()].map(({ module }) => module)]);
  }

  /** First line of a cell that brings in the names for which `isWanted`, its line end included. */
  prelude(isWanted: (name: string) => boolean): string {
    const imports = new Map<string, string[]>();
    const variables: string[] = [];
    for (const [name, { module, kind }] of this.#owners) {
      if (!isWanted(name)) continue;
      if (kind === "let") variables.push(`declare let ${name}: typeof import("./${module}.js").${name};`);
      else imports.set(module, [...(imports.get(module) ?? []), name]);
    }
    const lines = [...imports].map(([module, names]) => `import { ${names.join(", ")} } from "./${module}.js";`);
    const globals = this.#globalModules.map((module) => `import "./${module}.js";`);
    return `${[...globals, ...lines, ...variables].join(" ")}\n`;
  }
}
