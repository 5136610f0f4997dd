// Words that the child's main thread and its control thread share.

export const INTERRUPT = 0; // id of an interrupt that the main thread has not heard yet, else 0
export const ANSWER = 1; // counts answers and interrupts; who waits for input waits for its change
export const SYNC_CHILD = 2; // start, in the system's clock ticks, of the call that waits for a program, else 0
export const WORDS = 4;
