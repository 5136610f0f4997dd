// An interrupt terminates JavaScript wherever it is, and `finally` does not run then. What must be done whole (a frame, a
// message's handling) runs as critical: the interrupt waits for its end. V8 terminates not at once but at the next loop
// or call; critical work that would begin until then waits for that.

let depth = 0;
let isDoomed = false; // V8 has been asked to terminate what runs now
let pending: Terminate | undefined;

/** Asks V8 to terminate what runs; false when there is no need any more. */
type Terminate = () => boolean;

/** Runs work that no interrupt cuts. */
export function critically<Value>(work: () => Value): Value {
  depth++;
  if (isDoomed) {
    depth--;
    while (isDoomed); // V8 ends it here
    depth++;
  }
  try {
    return work();
  } finally {
    depth--;
    if (depth === 0 && pending !== undefined) {
      const terminate = pending;
      pending = undefined;
      doom(terminate);
    }
  }
}

/** Handles an event of the event loop critically, whatever an interrupt has left behind. */
export function handleEvent(work: () => void): void {
  depth = 1;
  isDoomed = false;
  pending = undefined;
  try {
    work();
  } finally {
    depth = 0;
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
    isDoomed = false;
  }
}

/** Says that what V8 was asked to terminate is over, or it would not have come to the caller. */
export function liftDoom(): void {
  isDoomed = false;
}

/** Terminates what runs now, or what follows the critical work that runs now. */
export function terminateWhenPossible(terminate: Terminate): void {
  if (depth === 0) doom(terminate);
  else pending = terminate;
}

function doom(terminate: Terminate): void {
  isDoomed = terminate();
}
