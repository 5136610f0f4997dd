// Words that the child's main thread and its control thread share.

export const INTERRUPT = 0; // id of the last interrupt that the control thread has passed on
export const HEARD = 1; // id of the last interrupt that the main thread has dealt with
export const ANSWER = 2; // counts answers and interrupts; who waits for input waits for its change
export const SYNC_CHILD = 3; // start, in the system's clock ticks, of the call that waits for a program, else 0
export const VISITS = 4; // counts how often the control thread has reached the main thread to terminate it
export const WORDS = 5;

/** Whether an interrupt waits for the main thread. */
export function isInterrupted(words: Int32Array): boolean {
  return Atomics.load(words, INTERRUPT) > Atomics.load(words, HEARD);
}
