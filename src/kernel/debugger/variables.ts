// Values that V8 holds for the debugger, shown as variables. A reference stands for the members of an object, or of
// several scopes that are shown as one.

import type { Runtime } from "node:inspector";
import type { InspectedThread } from "./inspected-thread.ts";

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string; // of objects: JupyterLab shows the type in place of the value
  readonly evaluateName?: string;
  readonly variablesReference: number; // 0: no members
}

const LONGEST_TEXT = 10_000;
const MOST_MEMBERS = 1_000;

export class Variables {
  readonly #thread: InspectedThread;
  #references: (readonly string[])[] = [];

  constructor(thread: InspectedThread) {
    this.#thread = thread;
  }

  /** Forgets every reference: what runs on may change all of it. */
  clear(): void {
    this.#references = [];
  }

  /** A reference to the members of these objects; the first that has a name wins. */
  refer(objectIds: readonly string[]): number {
    return this.#references.push(objectIds);
  }

  /** @throws Error for a reference that is not valid any more. */
  async members(reference: number, start = 0, count = MOST_MEMBERS): Promise<readonly Variable[]> {
    const objectIds = this.#references[reference - 1];
    if (objectIds === undefined) throw new Error(`variables: there is no reference ${reference} now`);
    const found = new Map<string, Variable>();
    for (const objectId of objectIds) {
      const { result, internalProperties = [] } = await this.#thread.call<Runtime.GetPropertiesReturnType>(
        "Runtime.getProperties",
        { objectId, ownProperties: true },
      );
      for (const { name, value, get } of result) {
        if (!found.has(name)) found.set(name, value === undefined ? accessor(name, get) : this.show(name, value));
      }
      for (const { name, value } of internalProperties) {
        if (name === "[[Entries]]" && value !== undefined) found.set(name, this.show(name, value));
      }
    }
    return [...found.values()].slice(start, start + (count || MOST_MEMBERS));
  }

  show(name: string, value: Runtime.RemoteObject): Variable {
    const isFunction = value.type === "function";
    return {
      name,
      value: textOf(value),
      ...(value.objectId === undefined ? {} : { type: value.className ?? value.subtype ?? value.type }),
      evaluateName: name,
      variablesReference: value.objectId === undefined || isFunction ? 0 : this.refer([value.objectId]),
    };
  }
}

function accessor(name: string, get: Runtime.RemoteObject | undefined): Variable {
  const isRead = get !== undefined && get.type !== "undefined";
  return { name, value: isRead ? "(computed when read)" : "(uninitialized)", variablesReference: 0 };
}

function textOf({ type, value, unserializableValue, description }: Runtime.RemoteObject): string {
  const text =
    type === "string" ? JSON.stringify(value) : (unserializableValue ?? description ?? String(value as unknown));
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
