import type { CommEvent } from "../evaluation/types.ts";

/** Which comms are open, whoever opened them, and by which target. */
export class CommRegistry {
  readonly #targets = new Map<string, string>();

  note({ type, commId, targetName = "" }: CommEvent): void {
    if (type === "comm_open") this.#targets.set(commId, targetName);
    if (type === "comm_close") this.#targets.delete(commId);
  }

  has(commId: string): boolean {
    return this.#targets.has(commId);
  }

  /** The `comms` of a comm_info_reply, of one target or of all. */
  info(targetName?: string): Readonly<Record<string, { readonly target_name: string }>> {
    const wanted = [...this.#targets].filter(([, target]) => targetName === undefined || target === targetName);
    return Object.fromEntries(wanted.map(([id, target]) => [id, { target_name: target }]));
  }

  /** Forgets all; returns the ids that were open. */
  clear(): readonly string[] {
    const ids = [...this.#targets.keys()];
    this.#targets.clear();
    return ids;
  }
}
