// First-fit allocation in one shared WebAssembly memory, which grows as needed and never shrinks.
import { LabelfreeError } from "../../core/errors.ts";

const PAGE_BYTES = 65536;
const ALIGNMENT = 64;
const MAXIMUM_PAGES = 65536;

interface Block {
  readonly address: number;
  readonly bytes: number;
}

export class SharedHeap {
  readonly memory: WebAssembly.Memory;
  #top: number;
  #usedBytes = 0;
  #free: Block[] = []; // by address

  /** Addresses below `start` stay out of the heap. */
  constructor(start: number) {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES, shared: true });
    this.#top = Math.ceil(start / ALIGNMENT) * ALIGNMENT;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  allocate(bytes: number): Block {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const at = this.#free.findIndex((block) => block.bytes >= size);
    const found = this.#free[at];
    let block: Block;
    if (found) {
      block = { address: found.address, bytes: size };
      const rest = { address: found.address + size, bytes: found.bytes - size };
      this.#free.splice(at, 1, ...(rest.bytes > 0 ? [rest] : []));
    } else {
      block = { address: this.#top, bytes: size };
      this.#grow(this.#top + size);
      this.#top += size;
    }
    this.#usedBytes += size;
    return block;
  }

  release(block: Block): void {
    this.#usedBytes -= block.bytes;
    const after = this.#free.findIndex((other) => other.address > block.address);
    const at = after < 0 ? this.#free.length : after;
    this.#free.splice(at, 0, block);
    this.#join(at);
    this.#join(at - 1);
    const last = this.#free.at(-1);
    if (last && last.address + last.bytes === this.#top) {
      this.#top = last.address;
      this.#free.pop();
    }
  }

  #join(at: number): void {
    const [low, high] = [this.#free[at], this.#free[at + 1]];
    if (low && high && low.address + low.bytes === high.address) {
      this.#free.splice(at, 2, { address: low.address, bytes: low.bytes + high.bytes });
    }
  }

  #grow(end: number): void {
    const pages = Math.ceil((end - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (pages <= 0) return;
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new LabelfreeError(
        "device/out-of-memory",
        `wasm device: no memory for ${end} bytes in all, limit ${MAXIMUM_PAGES * PAGE_BYTES}; use fewer prompts at a time or a smaller model`,
        { cause, fields: { bytes: end } },
      );
    }
  }
}
