// Values of a notebook are shown without running code that their author did not mean to run: own accessors are never
// called, inherited ones (those of a class) only by a recogniser that already saw the other members it looks for, and
// nothing is asked of a Proxy.

import { types } from "node:util";

/** Whether members of the value may be looked up at all. */
export function isReadable(value: unknown): value is object {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return !types.isProxy(value);
}

/** The member's value; undefined where it is absent, an own accessor, behind a Proxy, or throws. */
export function readMember(value: object, key: PropertyKey): unknown {
  return lookUp(value, key, value, 0);
}

/** The same, but what the value's class gives comes first: an own member of the same name may be a mere column of data. */
export function readClassMember(value: object, key: PropertyKey): unknown {
  return lookUp(value, key, Object.getPrototypeOf(value), 1) ?? readMember(value, key);
}

function lookUp(value: object, key: PropertyKey, start: object | null, startDepth: number): unknown {
  let holder = start;
  for (let depth = startDepth; holder !== null && depth < 32; depth++) {
    if (types.isProxy(holder)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return readDescriptor(value, descriptor, depth);
    holder = Object.getPrototypeOf(holder);
  }
  return undefined;
}

function readDescriptor(value: object, descriptor: PropertyDescriptor, depth: number): unknown {
  if (descriptor.get === undefined) return descriptor.value;
  if (depth === 0) return undefined;
  try {
    return Reflect.apply(descriptor.get, value, []);
  } catch {
    return undefined;
  }
}

/** Whether every key names a method of the value. */
export function hasMethods(value: object, keys: readonly PropertyKey[]): boolean {
  return keys.every((key) => typeof readMember(value, key) === "function");
}
