// The control block that all threads share, and how they share an operation's work.
//
// An operation is a number of units with fixed borders. Threads claim units from one counter, so a slow thread never
// holds the others up, and since no two units write the same element and each sums in its own fixed order, the result
// has the same bits for any number of threads.
//
// A worker joins an operation only if it comes while the operation is open: it counts itself in, then looks again. The
// main thread closes the operation once no unit is left, then waits for those inside. So a worker that the system has
// put aside costs nothing, and none can meet the arguments of the next operation half written.
//
// Threads spin here and sleep in JavaScript, by Atomics.wait: the baseline compiler of V8 11.3 (Node 20) forgets local
// variables around memory.atomic.wait32 in a loop.

export const EPOCH: usize = 64; // odd while an operation is open to the workers; rises by two with each
export const INSIDE: usize = 128; // workers inside an operation
export const NEXT_UNIT: usize = 192; // the next unit to claim
export const SLEEPING: usize = 256; // workers that sleep instead of spinning
export const OPERATION: usize = 320;
export const SCRATCH: usize = 328; // address of the scratch area
export const SCRATCH_BYTES: usize = 332; // size of one thread's part of it
export const ARGUMENTS: usize = 512;

const SPINS: i32 = 30000; // some 30 microseconds; a longer wait steals the core from whoever is waited for

let thread: i32 = 0;
let joined: i32 = 0; // the epoch of the last operation that this worker took part in
let seen: i32 = 0; // the last epoch that it saw

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

/** The last epoch that this worker saw: it may sleep while nothing else comes. */
export function seenEpoch(): i32 {
  return seen;
}

@inline
function isNew(epoch: i32): bool {
  return (epoch & 1) == 1 && epoch != joined;
}

/** Whether this worker could join an operation within a while; the next one is usually microseconds away. */
export function join(): bool {
  for (let spins = 0; spins < SPINS; spins++) {
    seen = atomic.load<i32>(EPOCH);
    if (!isNew(seen)) continue;
    atomic.add<i32>(INSIDE, 1);
    seen = atomic.load<i32>(EPOCH);
    if (isNew(seen)) {
      joined = seen;
      return true;
    }
    leave();
  }
  return false;
}

export function leave(): void {
  atomic.sub<i32>(INSIDE, 1);
}

export function open(): void {
  atomic.add<i32>(EPOCH, 1);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(EPOCH, 1024);
}

export function close(): void {
  atomic.add<i32>(EPOCH, 1);
}

/** Whether all workers leave within a while. */
export function isLeft(): bool {
  for (let spins = 0; spins < SPINS; spins++) if (atomic.load<i32>(INSIDE) == 0) return true;
  return false;
}
