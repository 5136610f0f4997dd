// Node keeps a stack of async ids and aborts when a callback that was terminated leaves its own behind. For an uncaught
// exception it clears the stack itself; for a termination we call the same function, which newer versions hide.

import { createRequire } from "node:module";

interface AsyncWrap {
  clearAsyncIdStack?(): void;
}

type Binding = (name: string) => AsyncWrap;

const INTERNALS = "internal/test/binding"; // part of Node, no package

/** Flags with which a Node of this version lets clearAsyncIds work. */
export function asyncIdFlags(): readonly string[] {
  return publicBinding() === undefined ? ["--expose-internals"] : [];
}

/** Is to be called when what runs is about to be terminated. */
export function clearAsyncIds(): void {
  asyncWrap ??= publicBinding() ?? internalBinding();
  asyncWrap.clearAsyncIdStack?.();
}

let asyncWrap: AsyncWrap | undefined;

function publicBinding(): AsyncWrap | undefined {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding: Binding }).binding("async_wrap");
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

function internalBinding(): AsyncWrap {
  const { emitWarning } = process;
  process.emitWarning = () => {}; // it warns that it is internal
  try {
    const require = createRequire(import.meta.url);
    return (require(INTERNALS) as { internalBinding: Binding }).internalBinding("async_wrap");
  } catch {
    return {};
  } finally {
    process.emitWarning = emitWarning;
  }
}
