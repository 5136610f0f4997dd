// A signed message that was recorded and sent again carries the signature of the first, so a signature counts once
// (as in jupyter_client's Session, which keeps 65,536 of them). The oldest are forgotten, never all at once.

const REMEMBERED = 1 << 16;

export class ReplayGuard {
  readonly #seen = new Set<string>();
  readonly #limit: number;

  constructor(limit = REMEMBERED) {
    this.#limit = limit;
  }

  /** Tells whether the signature is new, and remembers it. */
  admits(signature: string): boolean {
    if (this.#seen.has(signature)) return false;
    this.#seen.add(signature);
    if (this.#seen.size > this.#limit) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    return true;
  }
}
