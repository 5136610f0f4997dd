// A transformer as a policy: sample responses, score given ones, and turn a gradient by log-probabilities into gradients
// of the weights. Rollouts are the forward pass of training: each sampled token's activations stay, so that backward()
// follows generate() at once, and the prompt of a group is computed once for all its rollouts in both directions.
import { LabelfreeError } from "../core/errors.ts";
import { Activations } from "./activations.ts";
import { type DrawOptions, OutputHead } from "./output-head.ts";
import { movedGroups, type Placement, placePrompts, targetsOf } from "./placement.ts";
import { type Rollouts, responseOffsets, type SequenceBatch, type TokenScores } from "./sequence-batch.ts";
import type { Transformer } from "./transformer.ts";

export interface GenerateOptions extends DrawOptions {
  readonly samplesPerPrompt: number;
  readonly maxNewTokens: number;
  readonly stopIds: readonly number[];
  /** Whether backward() will follow. */
  readonly train: boolean;
}

/** What the last forward pass was over. */
interface Trace {
  readonly batch: SequenceBatch;
  readonly placement: Placement;
  readonly temperature: number;
}

/** A token with its place in its sequence, and where the list of rows that it attends to starts. */
interface Row {
  readonly id: number;
  readonly position: number;
  readonly list: number;
}

const SCORES_PER_TOKEN = 4;

export class Policy {
  readonly transformer: Transformer;
  readonly #head: OutputHead;
  #training: Activations | undefined;
  #inference: Activations | undefined;
  #trace: Trace | undefined;

  constructor(transformer: Transformer) {
    this.transformer = transformer;
    this.#head = new OutputHead(transformer);
  }

  /** Samples responses to each prompt; they come prompt by prompt, and a stop token is part of its response. */
  async generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Rollouts> {
    const { samplesPerPrompt, maxNewTokens, stopIds } = options;
    const promptTokens = this.#countTokens(prompts);
    const longestPrompt = prompts.reduce((longest, prompt) => Math.max(longest, prompt.length), 0);
    const count = prompts.length * samplesPerPrompt;
    const listSize = longestPrompt + maxNewTokens;
    const activations = this.#reserve(
      promptTokens + count * Math.max(0, maxNewTokens - 1),
      promptTokens + count * listSize,
      options.train,
    );
    const placement = this.#forwardPrompts(activations, prompts);
    const responses = Array.from({ length: count }, (_, index) => {
      const prompt = Math.floor(index / samplesPerPrompt);
      const list = promptTokens + index * listSize;
      activations.writeKeys(list, placement.prompts[prompt]);
      placement.responses.push([]);
      return { prompt, list, tokens: [] as number[], ended: false };
    });

    const lastRows = placement.prompts.map((rows) => rows.at(-1) as number);
    let states = this.#head.gather(activations.normed, lastRows, count);
    let sources = responses.map(({ prompt }) => prompt);
    let active = responses.map((_, index) => index);
    const drawnScores: { readonly active: readonly number[]; readonly scores: Float32Array }[] = [];
    for (let step = 0; step < maxNewTokens && active.length > 0; step++) {
      const drawn = await this.#head.draw(states, sources, options);
      for (const [at, index] of active.entries()) {
        const response = responses[index];
        response.tokens.push(drawn.ids[at]);
        response.ended = stopIds.includes(drawn.ids[at]);
      }
      drawnScores.push({ active, scores: drawn.scores });
      active = active.filter((index) => !responses[index].ended);
      if (step + 1 === maxNewTokens || active.length === 0) break;
      const first = placement.rows;
      const rows = active.map((index): Row => {
        const { prompt, list, tokens } = responses[index];
        const position = prompts[prompt].length + step;
        activations.writeKeys(list + position, [placement.rows]);
        placement.responses[index].push(placement.rows++);
        return { id: tokens[step], position, list };
      });
      activations.forward(first, this.#describe(rows));
      states = activations.normed.rows(first, placement.rows);
      sources = active.map((_, at) => at);
    }

    const batch = { prompts, responses: responses.map(({ prompt, tokens }) => ({ prompt, tokens })) };
    this.#trace = options.train ? { batch, placement, temperature: options.temperature || 1 } : undefined;
    const scores = emptyScores(batch);
    for (const [step, drawn] of drawnScores.entries()) {
      for (const [at, index] of drawn.active.entries())
        setScores(scores, scores.offsets[index] + step, drawn.scores, at);
    }
    return { ...batch, ended: responses.map(({ ended }) => ended), scores };
  }

  /** Scores given responses under the current weights; backward() may follow. */
  async score(batch: SequenceBatch, { temperature }: { readonly temperature: number }): Promise<TokenScores> {
    const { prompts, responses } = batch;
    const promptTokens = this.#countTokens(prompts);
    for (const [index, { prompt, tokens }] of responses.entries()) {
      this.#checkTokens(`response ${index}`, tokens);
      if (prompts[prompt] !== undefined) continue;
      const message = `policy: prompt of response ${index}, got ${prompt}, expected 0 to ${prompts.length - 1}`;
      throw new LabelfreeError("policy/prompt", message);
    }
    const own = responses.reduce((sum, { tokens }) => sum + Math.max(0, tokens.length - 1), 0);
    const listed = responses.reduce((sum, { prompt, tokens }) => sum + prompts[prompt].length + tokens.length, 0);
    const activations = this.#reserve(promptTokens + own, promptTokens + listed, true);
    const placement = this.#forwardPrompts(activations, prompts);
    const rows: Row[] = [];
    let list = promptTokens;
    for (const { prompt, tokens } of responses) {
      const start = prompts[prompt].length;
      const ownRows = tokens.slice(0, -1).map((id, at) => {
        rows.push({ id, position: start + at, list });
        return placement.rows++;
      });
      activations.writeKeys(list, [...placement.prompts[prompt], ...ownRows]);
      placement.responses.push(ownRows);
      list += start + tokens.length;
    }
    if (rows.length > 0) activations.forward(promptTokens, this.#describe(rows));
    this.#trace = { batch, placement, temperature };
    const values = await this.#head.score(activations.normed, targetsOf(batch, placement), temperature);
    const scores = emptyScores(batch);
    for (let token = 0; token < scores.logp.length; token++) setScores(scores, token, values, token);
    return scores;
  }

  /** Logits after the last of a sequence of tokens, [vocabulary], or after every one, [tokens, vocabulary]. */
  async logits(tokens: readonly number[], { all = false }: { readonly all?: boolean } = {}): Promise<Float32Array> {
    const activations = this.#reserve(this.#countTokens([tokens]), tokens.length, false);
    const { prompts } = this.#forwardPrompts(activations, [tokens]);
    return this.#head.logits(activations.normed, all ? prompts[0] : prompts[0].slice(-1));
  }

  /**
   * Adds to the gradients of the weights, given d loss / d logp of every response token of the last generate (with
   * `train`) or score, in the layout of their scores. A prompt whose responses all have 0 costs nothing. Throws "policy/no-forward" when there is none, and
   * "policy/gradient-length".
   */
  backward(dLogp: ArrayLike<number>): void {
    if (!this.#trace || !this.#training) {
      const message = "policy: backward() needs a generate({ train: true }) or score() before it";
      throw new LabelfreeError("policy/no-forward", message);
    }
    const { batch, placement, temperature } = this.#trace;
    const targets = targetsOf(batch, placement);
    if (dLogp.length !== targets.ids.length) {
      const message = `policy: gradient, got ${dLogp.length} values, expected one for each of ${targets.ids.length} tokens`;
      throw new LabelfreeError("policy/gradient-length", message);
    }
    const dnormed = this.#training.clearedGradient(placement.rows);
    this.#head.backward(this.#training.normed, dnormed, targets, dLogp, temperature);
    this.#training.backward(movedGroups(batch, placement, dLogp), placement.rows);
  }

  /** Frees the activations. */
  release(): void {
    this.#training?.release();
    this.#inference?.release();
    this.#head.release();
    this.#training = this.#inference = this.#trace = undefined;
  }

  /** Tokens of all prompts; throws "policy/empty-prompt" or "policy/token" for one that cannot be run. */
  #countTokens(prompts: readonly (readonly number[])[]): number {
    let count = 0;
    for (const [index, prompt] of prompts.entries()) {
      if (prompt.length === 0) throw new LabelfreeError("policy/empty-prompt", `policy: prompt ${index} has no tokens`);
      this.#checkTokens(`prompt ${index}`, prompt);
      count += prompt.length;
    }
    return count;
  }

  #checkTokens(place: string, tokens: readonly number[]): void {
    const { vocabularySize } = this.transformer.config;
    const wrong = tokens.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
    if (wrong === undefined) return;
    const message = `policy: token of ${place}, got ${wrong}, expected 0 to ${vocabularySize - 1}`;
    throw new LabelfreeError("policy/token", message);
  }

  #reserve(rows: number, listEntries: number, keep: boolean): Activations {
    this.#trace = undefined;
    const current = keep ? this.#training : this.#inference;
    if (current?.fits(rows, listEntries)) return current;
    current?.release();
    const activations = new Activations(this.transformer, rows, listEntries, keep);
    if (keep) this.#training = activations;
    else this.#inference = activations;
    return activations;
  }

  #forwardPrompts(activations: Activations, prompts: readonly (readonly number[])[]): Placement {
    const placement = placePrompts(prompts);
    activations.writeKeys(0, placement.prompts.flat());
    const rows = prompts.flatMap((prompt, index) =>
      prompt.map((id, position): Row => ({ id, position, list: placement.prompts[index][0] })),
    );
    activations.forward(0, this.#describe(rows));
    return placement;
  }

  /** A row attends to the first position + 1 entries of its list, or to the last of them if the window is shorter. */
  #describe(rows: readonly Row[]): Parameters<Activations["forward"]>[1] {
    const window = this.transformer.config.slidingWindow ?? Number.POSITIVE_INFINITY;
    return {
      ids: rows.map(({ id }) => id),
      positions: rows.map(({ position }) => position),
      keyStarts: rows.map(({ position, list }) => list + Math.max(0, position + 1 - window)),
      keyCounts: rows.map(({ position }) => Math.min(position + 1, window)),
    };
  }
}

function emptyScores({ responses }: SequenceBatch): TokenScores {
  const offsets = responseOffsets(responses);
  const count = offsets.at(-1) ?? 0;
  const zeros = () => new Float32Array(count);
  return { offsets, logp: zeros(), entropy: zeros(), certainty: zeros() };
}

/** Token `token` of a batch takes entry `at` of the head's values. */
function setScores({ logp, entropy, certainty }: TokenScores, token: number, values: Float32Array, at: number): void {
  logp[token] = values[SCORES_PER_TOKEN * at];
  entropy[token] = values[SCORES_PER_TOKEN * at + 1];
  certainty[token] = values[SCORES_PER_TOKEN * at + 2];
}
