// An interrupt terminates JavaScript wherever it is, and `finally` does not run then. What must be done whole (a frame, a
// message's handling) runs as critical: the interrupt waits for its end.

let depth = 0;
let pending: (() => void) | undefined;

/** Runs work that no interrupt cuts. */
export function critically<Value>(work: () => Value): Value {
  depth++;
  try {
    return work();
  } finally {
    leave();
  }
}

/** Runs a cell's code from within critical work: an interrupt may cut it. */
export function interruptibly<Value>(work: () => Value): Value {
  const outer = depth;
  depth = 0;
  try {
    return work();
  } finally {
    depth = outer;
  }
}

/** Does something when no critical work is under way. */
export function whenNotCritical(action: () => void): void {
  if (depth === 0) action();
  else pending = action;
}

export function forgetPending(): void {
  pending = undefined;
}

function leave(): void {
  depth--;
  if (depth > 0 || pending === undefined) return;
  const action = pending;
  pending = undefined;
  action();
}
