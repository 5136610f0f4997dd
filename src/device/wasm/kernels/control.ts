// The control block that all threads share, and how they share an operation's work.
//
// An operation is a number of units with fixed borders. Threads claim units from one counter, so a slow thread never
// holds the others up, and since no two units write the same element and each sums in its own fixed order, the result
// has the same bits for any number of threads.

export const EPOCH: usize = 64; // rises by one for each operation handed to the workers
export const DONE: usize = 128; // workers that have finished the current epoch
export const NEXT_UNIT: usize = 192; // the next unit to claim
export const SLEEPING: usize = 256; // workers that wait in the kernel instead of spinning
export const OPERATION: usize = 320;
export const THREADS: usize = 324;
export const SCRATCH: usize = 328; // address of the scratch area
export const SCRATCH_BYTES: usize = 332; // size of one thread's part of it
export const ARGUMENTS: usize = 512;

const SPINS_BEFORE_SLEEP: i32 = 20000;
const WAIT_NS: i64 = 50000;

let thread: i32 = 0;

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

/** Blocks until the epoch differs from `seen`; spins first, since the next operation is usually microseconds away. */
export function awaitEpoch(seen: i32): i32 {
  let spins = 0;
  while (atomic.load<i32>(EPOCH) == seen) {
    if (++spins > SPINS_BEFORE_SLEEP) {
      atomic.add<i32>(SLEEPING, 1);
      atomic.wait<i32>(EPOCH, seen, -1);
      atomic.sub<i32>(SLEEPING, 1);
      spins = 0;
    }
  }
  return atomic.load<i32>(EPOCH);
}

export function openEpoch(): void {
  atomic.store<i32>(DONE, 0);
  atomic.add<i32>(EPOCH, 1);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(EPOCH, 1024);
}

export function finishEpoch(): void {
  atomic.add<i32>(DONE, 1);
}

export function awaitWorkers(workers: i32): void {
  let spins = 0;
  let done = atomic.load<i32>(DONE);
  while (done < workers) {
    if (++spins > SPINS_BEFORE_SLEEP) atomic.wait<i32>(DONE, done, WAIT_NS);
    done = atomic.load<i32>(DONE);
  }
}
