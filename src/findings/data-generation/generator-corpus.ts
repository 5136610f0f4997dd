// What the generator learns from: documents that name a level, give example problems of it and go on with further ones:
//   <bos>#3;37+5-2+1?40-1-1-4?...;61+3-5+2?...<eos>
// As texts of the wild they are not clean. A further problem may be of a neighbouring level, a copy of one of the
// examples, or a near copy of one (another start value, or another step in place of one). Some documents are worksheets:
// all problems, examples too, only add or only subtract. The shares are settings, so that copying and straying are in the
// generator by construction; how much of either comes out of it is what the finding measures. No document holds the chain
// of an evaluation problem.
import type { Random } from "../../core/random.ts";
import { type Chain, drawChain, formatChain, type Step } from "../../tasks/micro/chain.ts";
import { heldOutChains } from "../../tasks/micro/evaluation-sets.ts";
import { BOS, EOS, encode } from "../../tasks/micro/vocabulary.ts";
import { LEVELS, MICRO_WORLD, ofLevel } from "../../tasks/micro/world.ts";

export interface CorpusSettings {
  /** Problems that a document gives as examples. */
  readonly examples: number;
  /** Problems that follow them. */
  readonly problemsPerCall: number;
  /** Shares of the further problems. */
  readonly neighbourLevel: number;
  readonly copy: number;
  readonly nearCopy: number;
  /** Share of the documents. */
  readonly worksheet: number;
}

/** What a generator is asked: the level and examples, as token ids. */
export function requestTokens(level: number, examples: readonly string[]): number[] {
  return [BOS, ...encode(`#${level};${examples.join("")};`)];
}

/** A document as token ids. */
export function drawDocument(random: Random, settings: CorpusSettings): number[] {
  const level = random.pick(LEVELS);
  const draw = topicDraw(random, settings);
  const examples = Array.from({ length: settings.examples }, () => draw(level));
  const further = Array.from({ length: settings.problemsPerCall }, () =>
    furtherChain(level, examples, draw, random, settings),
  );
  return [...requestTokens(level, examples.map(write)), ...encode(further.map(write).join("")), EOS];
}

type Draw = (level: number) => Chain;

function topicDraw(random: Random, { worksheet }: CorpusSettings): Draw {
  const operator = random.uniform() < worksheet ? random.pick(["+", "-"] as const) : null;
  return (level) =>
    openChain(() => {
      const { start, steps } = drawChain(level, random, MICRO_WORLD);
      return { start, steps: operator === null ? steps : steps.map(({ operand }) => ({ operator, operand })) };
    });
}

function furtherChain(
  level: number,
  examples: readonly Chain[],
  draw: Draw,
  random: Random,
  { copy, nearCopy, neighbourLevel }: CorpusSettings,
): Chain {
  const kind = random.weightedIndex([copy, nearCopy, neighbourLevel, 1 - copy - nearCopy - neighbourLevel]);
  if (kind === 0) return random.pick(examples);
  if (kind === 1) return openChain(() => changed(random.pick(examples), level, random));
  return draw(kind === 2 ? neighbourOf(level, random) : level);
}

/** The chain with its start value or one of its steps drawn anew. */
function changed({ start, steps }: Chain, level: number, random: Random): Chain {
  const place = random.integer(steps.length + 1);
  if (place === steps.length) return { start: random.integer(MICRO_WORLD.modulus), steps };
  const operand = 1 + random.integer(ofLevel(MICRO_WORLD.operandRanges, level));
  const step: Step = { operator: random.pick(["+", "-"] as const), operand };
  return { start, steps: steps.map((other, index) => (index === place ? step : other)) };
}

function neighbourOf(level: number, random: Random): number {
  return random.pick([level - 1, level + 1].filter((other) => other >= 1 && other <= LEVELS.length));
}

/** The first chain drawn that is not of an evaluation problem. */
function openChain(draw: () => Chain): Chain {
  const heldOut = heldOutChains();
  for (;;) {
    const chain = draw();
    if (!heldOut.has(formatChain(chain, MICRO_WORLD))) return chain;
  }
}

function write(chain: Chain): string {
  return `${formatChain(chain, MICRO_WORLD)}?`;
}
