// The output layer: from normed states to logits, drawn tokens and scores, and back. Work goes through chunks of rows, so
// that logits over a large vocabulary never exist for more than a chunk of tokens.
import type { Random } from "../core/random.ts";
import type { Tensor } from "../device/device.ts";
import { forChunks } from "./activations.ts";
import { filterLogits, sampleFiltered } from "./logits-filter.ts";
import type { Transformer } from "./transformer.ts";

/** Tokens to score: `rows` of the normed states predict `ids`. */
export interface Targets {
  readonly rows: readonly number[];
  readonly ids: readonly number[];
}

export interface DrawOptions {
  /** 0 takes the most likely token, and scores at temperature 1. */
  readonly temperature: number;
  /** Keep the smallest set of tokens with at least this probability; scores stay those of the full distribution. */
  readonly topP?: number;
  readonly random: Random;
}

/** Working space for a chunk of rows. */
interface Work {
  readonly states: Tensor; // [rows, hidden]
  readonly dstates: Tensor;
  readonly logits: Tensor; // [rows, vocabulary]
  readonly scores: Tensor; // [rows, 4]: logp, entropy, certainty, logsumexp
  readonly dlogp: Tensor; // [rows]; the uniform numbers while drawing
  readonly rows: Tensor; // [rows], i32
  readonly ids: Tensor; // [rows], i32
}

export class OutputHead {
  readonly #transformer: Transformer;
  #work: { readonly capacity: number; readonly tensors: Work } | undefined;

  constructor(transformer: Transformer) {
    this.#transformer = transformer;
  }

  /** A copy of the states in `rows` of `normed`, valid until the next call; room for `count` rows is made first. */
  gather(normed: Tensor, rows: readonly number[], count = rows.length): Tensor {
    this.#reserve(count); // growing later would free the states
    const work = this.#reserve(rows.length);
    this.#transformer.device.write(work.rows, rows);
    this.#transformer.device.gather(work.states, normed, work.rows);
    return work.states;
  }

  /** One token for each of `sources`, row numbers of `states`, and its scores, four a token. */
  async draw(
    states: Tensor,
    sources: readonly number[],
    { temperature, topP, random }: DrawOptions,
  ): Promise<{ readonly ids: ArrayLike<number>; readonly scores: Float32Array }> {
    const { device, weights } = this.#transformer;
    const stateCount = states.shape[0] ?? 0;
    const work = this.#reserve(Math.max(sources.length, stateCount));
    const [ids, scores, rows, draws] = [work.ids, work.scores, work.rows, work.dlogp].map((tensor) =>
      tensor.rows(0, sources.length),
    );
    const logits = work.logits.rows(0, stateCount);
    device.linear(logits, states, weights.head);
    const uniforms = sources.map(() => (random.uint32() >>> 8) / 2 ** 24);
    if (topP === undefined || temperature === 0) {
      device.write(rows, sources);
      device.write(draws, uniforms);
      device.sample(ids, scores, logits, rows, draws, temperature);
      return { ids: await device.readInts(ids), scores: await device.readFloats(scores) };
    }
    const values = await device.readFloats(logits);
    const width = logits.shape[1] ?? 0;
    const chosen = sources.map((source) => values.slice(source * width, (source + 1) * width));
    const filtered = chosen.map((row, at) => sampleFiltered(filterLogits(row, { temperature, topP }), uniforms[at]));
    const expanded = work.logits.rows(0, sources.length);
    device.write(expanded, concatenate(chosen));
    device.write(ids, filtered);
    device.scoreTargets(scores, expanded, ids, temperature);
    return { ids: filtered, scores: await device.readFloats(scores) };
  }

  /** Logits of the states in `rows` of `normed`, [rows, vocabulary], row-major. */
  async logits(normed: Tensor, rows: readonly number[]): Promise<Float32Array> {
    const parts: Promise<Float32Array>[] = [];
    forChunks(rows.length, (start, end) => {
      parts.push(this.#transformer.device.readFloats(this.#logitsOf(normed, rows.slice(start, end)).logits));
    });
    return concatenate(await Promise.all(parts));
  }

  /** Scores of given tokens, four a token. */
  async score(normed: Tensor, { rows, ids }: Targets, temperature: number): Promise<Float32Array> {
    const { device } = this.#transformer;
    const parts: Promise<Float32Array>[] = [];
    forChunks(rows.length, (start, end) => {
      const work = this.#logitsOf(normed, rows.slice(start, end));
      device.write(work.ids, ids.slice(start, end));
      device.scoreTargets(work.scores, work.logits, work.ids, temperature);
      parts.push(device.readFloats(work.scores));
    });
    return concatenate(await Promise.all(parts));
  }

  /** Adds to the head's gradient and to dnormed, given d loss / d logp of given tokens; those with 0 cost nothing. */
  backward(
    normed: Tensor,
    dnormed: Tensor,
    { rows, ids }: Targets,
    dlogp: ArrayLike<number>,
    temperature: number,
  ): void {
    const { device, weights, gradients } = this.#transformer;
    const moved = rows.map((_, index) => index).filter((index) => dlogp[index] !== 0);
    forChunks(moved.length, (start, end) => {
      const tokens = moved.slice(start, end);
      const pick = (values: ArrayLike<number>) => tokens.map((index) => values[index]);
      const work = this.#logitsOf(normed, pick(rows));
      device.write(work.ids, pick(ids));
      device.write(work.dlogp, pick(dlogp));
      device.scoreTargets(work.scores, work.logits, work.ids, temperature);
      device.logpBackward(work.logits, work.scores, work.ids, work.dlogp, temperature);
      device.linearWeightGradient(gradients.views.head, undefined, work.logits, work.states);
      device.linearBackward(work.dstates, work.logits, weights.head);
      device.scatterAdd(dnormed, work.dstates, work.rows);
    });
  }

  release(): void {
    if (this.#work) for (const tensor of Object.values(this.#work.tensors)) this.#transformer.device.release(tensor);
    this.#work = undefined;
  }

  #logitsOf(normed: Tensor, rows: readonly number[]): Work {
    const { device, weights } = this.#transformer;
    const work = this.#reserve(rows.length);
    device.write(work.rows, rows);
    device.gather(work.states, normed, work.rows);
    device.linear(work.logits, work.states, weights.head);
    return work;
  }

  #reserve(count: number): Work {
    if (!this.#work || this.#work.capacity < count) {
      this.release();
      this.#work = { capacity: count, tensors: this.#newWork(count) };
    }
    const of = (tensor: Tensor) => tensor.rows(0, count);
    const { states, dstates, logits, scores, dlogp, rows, ids } = this.#work.tensors;
    return {
      states: of(states),
      dstates: of(dstates),
      logits: of(logits),
      scores: of(scores),
      dlogp: of(dlogp),
      rows: of(rows),
      ids: of(ids),
    };
  }

  #newWork(count: number): Work {
    const { device, config } = this.#transformer;
    return {
      states: device.tensor([count, config.hiddenSize]),
      dstates: device.tensor([count, config.hiddenSize]),
      logits: device.tensor([count, config.vocabularySize]),
      scores: device.tensor([count, 4]),
      dlogp: device.tensor([count]),
      rows: device.tensor([count], "i32"),
      ids: device.tensor([count], "i32"),
    };
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
