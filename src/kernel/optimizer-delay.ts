// What a start runs in loops is Node's own handling of module paths. Left alone, V8 brings in its optimizing compiler for
// three such functions, which keeps 3.5 MB of it resident in each process before there is anything worth optimizing.

import { setFlagsFromString } from "node:v8";

/** Keeps V8 from optimizing until `endOptimizerDelay`; is to come before what it is for is loaded. */
export function beginOptimizerDelay(): void {
  setFlagsFromString("--no-opt");
}

/** Lets V8 optimize, at its next look at a function, whatever has become hot. */
export function endOptimizerDelay(): void {
  setFlagsFromString("--opt");
}
