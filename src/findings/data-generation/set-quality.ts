// Quality of one generated set, before any filter. Two problems are the same if their chains are. Shares of the problems
// asked for: valid, on the level asked, and kept, what all filters would leave. Shares of the readable problems (null
// without any): the others.
import { type Chain, formatChain, isOfLevel } from "../../tasks/micro/chain.ts";
import { naturalSet } from "../../tasks/micro/data-sets.ts";
import { heldOutChains } from "../../tasks/micro/evaluation-sets.ts";
import { readPrompt } from "../../tasks/micro/forms.ts";
import { MICRO_WORLD } from "../../tasks/micro/world.ts";
import type { ProblemSet } from "./problem-sets.ts";
import { readProblems, type WrittenProblem } from "./read-problems.ts";
import { topicSpread } from "./sub-topics.ts";

export interface SetQuality {
  /** Can be read, and some level can draw it. */
  readonly valid: number;
  /** The level asked can draw it. */
  readonly onLevel: number;
  /** Repeats an earlier problem of the set. */
  readonly duplicates: number | null;
  /** Is one of the examples of its call. */
  readonly copies: number | null;
  /** Differs from an example of its call in the start value or in one step. */
  readonly nearCopies: number | null;
  /** Is a problem of some evaluation set, in whatever form. */
  readonly evaluation: number | null;
  /** Is in the natural training set. */
  readonly natural: number | null;
  /** On the level asked, no duplicate, neither an evaluation problem nor a natural one. */
  readonly kept: number;
  /** Effective number of sub-topics (sub-topics.ts). */
  readonly topics: number | null;
}

export type Measure = keyof SetQuality;

/** Judges a set of so many problems asked for. */
export function setQuality({ calls, draw, level }: ProblemSet, problemsPerCall: number): SetQuality {
  const asked = calls.length * problemsPerCall;
  const natural = naturalChains(draw);
  const heldOut = heldOutChains();
  const fits = ({ chain }: WrittenProblem) => isOfLevel(chain, level, MICRO_WORLD);
  const written = calls.flatMap(({ examples, text }) => {
    const shown = readProblems(examples);
    return readProblems(text).map((problem) => ({ problem, distance: distanceToNearest(problem.chain, shown) }));
  });
  const problems = written.map(({ problem }) => problem);
  const seen = new Set<string>();
  const isNew = problems.map(({ chainText }) => seen.size < seen.add(chainText).size);
  const ofReadable = (count: number) => (problems.length === 0 ? null : count / problems.length);
  const kept = problems.filter((problem, index) => {
    const { chainText } = problem;
    return fits(problem) && isNew[index] && !heldOut.has(chainText) && !natural.has(chainText);
  });
  return {
    valid: problems.filter((problem) => problem.level !== null).length / asked,
    onLevel: problems.filter(fits).length / asked,
    duplicates: ofReadable(isNew.filter((first) => !first).length),
    copies: ofReadable(written.filter(({ distance }) => distance === 0).length),
    nearCopies: ofReadable(written.filter(({ distance }) => distance === 1).length),
    evaluation: ofReadable(problems.filter(({ chainText }) => heldOut.has(chainText)).length),
    natural: ofReadable(problems.filter(({ chainText }) => natural.has(chainText)).length),
    kept: kept.length / asked,
    topics: topicSpread(problems.map(({ chain }) => chain)),
  };
}

const NATURAL_CHAINS = new Map<number, ReadonlySet<string>>();

function naturalChains(draw: number): ReadonlySet<string> {
  const known = NATURAL_CHAINS.get(draw);
  if (known !== undefined) return known;
  const chains = naturalSet(draw).map(({ prompt }) => formatChain(readPrompt(prompt, MICRO_WORLD).chain, MICRO_WORLD));
  const set = new Set(chains);
  NATURAL_CHAINS.set(draw, set);
  return set;
}

/** In how many of start value and steps the nearest chain of the same length differs. */
function distanceToNearest(chain: Chain, others: readonly WrittenProblem[]): number {
  return Math.min(...others.map((other) => distance(chain, other.chain)));
}

function distance(a: Chain, b: Chain): number {
  if (a.steps.length !== b.steps.length) return Number.POSITIVE_INFINITY;
  const changed = a.steps.filter(({ operator, operand }, index) => {
    return operator !== b.steps[index].operator || operand !== b.steps[index].operand;
  });
  return changed.length + (a.start === b.start ? 0 : 1);
}
