// The control block that all threads share, and how they share an operation's work.
//
// An operation is a number of units with fixed borders. Threads claim units from one counter, so a slow thread never
// holds the others up, and since no two units write the same element and each sums in its own fixed order, the result
// has the same bits for any number of threads.
//
// Threads spin here and sleep in JavaScript, by Atomics.wait: the baseline compiler of V8 11.3 (Node 20) forgets local
// variables around memory.atomic.wait32 in a loop, so that a wait here ended before the workers were done.

export const EPOCH: usize = 64; // rises by one for each operation handed to the workers
export const DONE: usize = 128; // workers that have finished the current epoch
export const NEXT_UNIT: usize = 192; // the next unit to claim
export const SLEEPING: usize = 256; // workers that sleep instead of spinning
export const OPERATION: usize = 320;
export const THREADS: usize = 324;
export const SCRATCH: usize = 328; // address of the scratch area
export const SCRATCH_BYTES: usize = 332; // size of one thread's part of it
export const ARGUMENTS: usize = 512;

const SPINS_BEFORE_SLEEP: i32 = 20000;

let thread: i32 = 0;
let epoch: i32 = 0; // the last one that this worker took part in

@inline
export function int(index: i32): i32 {
  return load<i32>(ARGUMENTS + (<usize>index << 2));
}

@inline
export function address(index: i32): usize {
  return <usize>load<u32>(ARGUMENTS + (<usize>index << 2));
}

@inline
export function float(index: i32): f32 {
  return load<f32>(ARGUMENTS + (<usize>index << 2));
}

@inline
export function claimUnit(): i32 {
  return atomic.add<i32>(NEXT_UNIT, 1);
}

@inline
export function threadScratch(): usize {
  return <usize>load<u32>(SCRATCH) + <usize>thread * <usize>load<u32>(SCRATCH_BYTES);
}

export function setThread(index: i32): void {
  thread = index;
}

/** The epoch that this worker waits to see the end of. */
export function seenEpoch(): i32 {
  return epoch;
}

/** Whether a new epoch comes within a while; the next operation is usually microseconds away. */
export function nextEpoch(): bool {
  let spins = 0;
  while (atomic.load<i32>(EPOCH) == epoch) if (++spins > SPINS_BEFORE_SLEEP) return false;
  epoch = atomic.load<i32>(EPOCH);
  return true;
}

export function openEpoch(): void {
  atomic.store<i32>(DONE, 0);
  atomic.add<i32>(EPOCH, 1);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(EPOCH, 1024);
}

export function finishEpoch(): void {
  atomic.add<i32>(DONE, 1);
}

/** Whether all workers finish within a while. */
export function workersFinish(): bool {
  const workers = load<i32>(THREADS) - 1;
  let spins = 0;
  while (atomic.load<i32>(DONE) < workers) if (++spins > SPINS_BEFORE_SLEEP) return false;
  return true;
}
