/** Ids of one page: each is given out once. */
export class PageIds {
  readonly #taken = new Set<string>();

  /** The text as an id, with a number where it is taken. */
  take(text: string): string {
    const base =
      text
        .normalize("NFC")
        .toLowerCase()
        .replaceAll(/[^\p{Letter}\p{Number}\p{Mark}]+/gu, "-")
        .replaceAll(/^-|-$/g, "")
        .slice(0, 60) || "section";
    for (let copy = 1; ; copy++) {
      const id = copy === 1 ? base : `${base}-${copy}`;
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
  }
}
