// Which cell of one notebook is which of another: by id, then by equal text, then by the most alike of what is left.

import { similarity } from "./line-diff.ts";
import type { Cell } from "./notebook.ts";

export interface CellPair {
  /** Places from 0 on; undefined where the other notebook alone has the cell. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Whether it stands elsewhere among the cells that both have. */
  readonly isMoved: boolean;
}

const LEAST_ALIKE = 0.5;

/** Every cell of both once: in the order of `after`, a removed one behind the cell that it followed. */
export function matchCells(before: readonly Cell[], after: readonly Cell[]): CellPair[] {
  const partners = findPartners(before, after);
  const matched = [...partners].sort(([a], [b]) => a - b);
  const inPlace = new Set(longestIncreasing(matched.map(([, place]) => place)));
  const pairs: CellPair[] = [];
  const partnerOf = new Map(matched.map(([b, a]) => [a, b]));
  const removedAfter = new Map<number, number[]>();
  let anchor = -1;
  for (let index = 0; index < before.length; index++) {
    const partner = partners.get(index);
    if (partner !== undefined) {
      if (inPlace.has(partner)) anchor = partner;
    } else removedAfter.set(anchor, [...(removedAfter.get(anchor) ?? []), index]);
  }
  const addRemoved = (place: number) => {
    for (const index of removedAfter.get(place) ?? []) pairs.push({ before: index, after: undefined, isMoved: false });
  };
  addRemoved(-1);
  for (let index = 0; index < after.length; index++) {
    const partner = partnerOf.get(index);
    pairs.push({ before: partner, after: index, isMoved: partner !== undefined && !inPlace.has(index) });
    addRemoved(index);
  }
  return pairs;
}

function findPartners(before: readonly Cell[], after: readonly Cell[]): Map<number, number> {
  const partners = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (a: number, b: number) => {
    partners.set(a, b);
    taken.add(b);
  };
  const seek = (isPartner: (a: Cell, b: Cell) => boolean) => {
    before.forEach((cell, index) => {
      if (partners.has(index)) return;
      const found = after.findIndex(
        (other, place) => !taken.has(place) && isSameKind(cell, other) && isPartner(cell, other),
      );
      if (found >= 0) pair(index, found);
    });
  };
  seek((a, b) => a.id === b.id);
  seek((a, b) => a.source === b.source);
  const alike = before.flatMap((cell, a) =>
    partners.has(a)
      ? []
      : after.flatMap((other, b) => {
          const score = !taken.has(b) && isSameKind(cell, other) ? similarity(cell.source, other.source) : 0;
          return score >= LEAST_ALIKE ? [{ a, b, score }] : [];
        }),
  );
  for (const { a, b } of alike.sort((x, y) => y.score - x.score)) if (!partners.has(a) && !taken.has(b)) pair(a, b);
  return partners;
}

function isSameKind(a: Cell, b: Cell): boolean {
  return a.cell_type === b.cell_type;
}

/** The most of these numbers that stand in rising order. */
function longestIncreasing(numbers: readonly number[]): number[] {
  const best: number[][] = [];
  for (const number of numbers) {
    const before = best.filter((run) => run[run.length - 1] < number).reduce<number[]>(longer, []);
    best.push([...before, number]);
  }
  return best.reduce<number[]>(longer, []);
}

function longer(a: number[], b: number[]): number[] {
  return b.length > a.length ? b : a;
}
