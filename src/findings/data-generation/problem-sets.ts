// The sets that the finding compares: problems asked for at one level, in calls that show examples. The rule is the world's
// own draw (chain.ts), asked for as many problems; it cannot see its examples, so that what of them turns up in its set is
// there by chance. The model sees new examples in every call ("refreshed") or the first call's in all of them ("fixed").
// Nothing is filtered.
import { Random } from "../../core/random.ts";
import type { Policy } from "../../model/policy.ts";
import { drawChain, formatChain } from "../../tasks/micro/chain.ts";
import { naturalSet } from "../../tasks/micro/data-sets.ts";
import { decode, EOS } from "../../tasks/micro/vocabulary.ts";
import { LEVELS, MICRO_WORLD } from "../../tasks/micro/world.ts";
import { type CorpusSettings, requestTokens } from "./generator-corpus.ts";

export const ARMS = ["rule", "refreshed", "fixed"] as const;

export type ArmName = (typeof ARMS)[number];

export interface GenerationCall {
  /** Prompts, one after the other: `37+5?40-1?`. */
  readonly examples: string;
  /** What was written, up to the last problem asked for. */
  readonly text: string;
}

export interface ProblemSet {
  readonly arm: ArmName;
  /** Number of the repetition, from 1: other examples, other samples, the same generator. */
  readonly draw: number;
  /** As asked. */
  readonly level: number;
  readonly calls: readonly GenerationCall[];
}

export interface GenerationSettings {
  readonly draws: number;
  readonly callsPerSet: number;
  readonly temperature: number;
}

/** All sets, by draw, level and arm. */
export async function generateSets(
  generator: Policy,
  { draws, callsPerSet, temperature }: GenerationSettings,
  corpus: CorpusSettings,
): Promise<ProblemSet[]> {
  const sets: ProblemSet[] = [];
  for (let draw = 1; draw <= draws; draw++) {
    const natural = naturalSet(draw);
    for (const level of LEVELS) {
      const random = Random.fromSeed(draw).fork(`generated-problems/level-${level}`);
      const prompts = natural.filter((problem) => problem.level === level).map(({ prompt }) => prompt);
      const drawn = random.fork("examples");
      const examples = Array.from({ length: callsPerSet }, () => drawn.shuffle(prompts).slice(0, corpus.examples));
      const same = examples.map(() => examples[0]);
      const ask = (given: readonly (readonly string[])[], arm: ArmName) =>
        askModel(generator, level, given, { corpus, temperature, random: random.fork(arm) });
      sets.push(
        { arm: "rule", draw, level, calls: askRule(level, examples, corpus, random.fork("rule")) },
        { arm: "refreshed", draw, level, calls: await ask(examples, "refreshed") },
        { arm: "fixed", draw, level, calls: await ask(same, "fixed") },
      );
    }
  }
  return sets;
}

function askRule(
  level: number,
  examples: readonly (readonly string[])[],
  { problemsPerCall }: CorpusSettings,
  random: Random,
): GenerationCall[] {
  return examples.map((given) => {
    const chains = Array.from({ length: problemsPerCall }, () => drawChain(level, random, MICRO_WORLD));
    return { examples: given.join(""), text: chains.map((chain) => `${formatChain(chain, MICRO_WORLD)}?`).join("") };
  });
}

const MOST_TOKENS_PER_PROBLEM = 12;

async function askModel(
  generator: Policy,
  level: number,
  examples: readonly (readonly string[])[],
  { corpus, temperature, random }: { corpus: CorpusSettings; temperature: number; random: Random },
): Promise<GenerationCall[]> {
  const { problemsPerCall } = corpus;
  const requests = examples.map((given) => requestTokens(level, given));
  const { responses } = await generator.generate(requests, {
    samplesPerPrompt: 1,
    maxNewTokens: problemsPerCall * MOST_TOKENS_PER_PROBLEM,
    temperature,
    stopIds: [EOS],
    random,
    train: false,
  });
  return responses.map(({ tokens }, index) => {
    const text = decode(tokens.filter((id) => id !== EOS));
    return { examples: examples[index].join(""), text: firstProblems(text, problemsPerCall) };
  });
}

function firstProblems(text: string, count: number): string {
  return text
    .split(/(?<=\?)/)
    .slice(0, count)
    .join("");
}
