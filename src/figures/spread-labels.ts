/**
 * Places for labels that want to be at the given positions but must lie at least `gap` apart, within [low, high] if
 * they fit: each crowded run of labels is centred on the mean of its wishes. In the order given.
 */
export function spreadLabels(wishes: readonly number[], gap: number, [low, high]: readonly [number, number]): number[] {
  const order = wishes.map((_, index) => index).sort((a, b) => wishes[a] - wishes[b] || a - b);
  const runs: Run[] = [];
  for (const index of order) {
    let run = startRun([index], wishes, gap, low, high);
    for (let last = runs.at(-1); last !== undefined && endOf(last, gap) > run.start; last = runs.at(-1)) {
      runs.pop();
      run = startRun([...last.members, ...run.members], wishes, gap, low, high);
    }
    runs.push(run);
  }
  const places = new Array<number>(wishes.length);
  for (const { members, start } of runs) for (const [k, index] of members.entries()) places[index] = start + k * gap;
  return places;
}

interface Run {
  readonly members: readonly number[];
  readonly start: number;
}

function startRun(members: readonly number[], wishes: readonly number[], gap: number, low: number, high: number): Run {
  const length = (members.length - 1) * gap;
  const center = members.reduce((total, index) => total + wishes[index], 0) / members.length;
  return { members, start: Math.max(low, Math.min(high - length, center - length / 2)) };
}

function endOf({ members, start }: Run, gap: number): number {
  return start + members.length * gap;
}
