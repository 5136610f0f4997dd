// A transformer as a policy: sample responses, score given ones, and turn a gradient by log-probabilities into gradients
// of the weights. Rollouts are the forward pass of training: each sampled token's activations stay, so that backward()
// follows generate() at once, and the prompt of a group is computed once for all its rollouts in both directions.
import { LabelfreeError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";
import type { Tensor } from "../device/device.ts";
import { Activations, forChunks } from "./activations.ts";
import { filterLogits, sampleFiltered } from "./logits-filter.ts";
import { type Rollouts, responseOffsets, type SequenceBatch, type TokenScores } from "./sequence-batch.ts";
import type { Transformer } from "./transformer.ts";

export interface GenerateOptions {
  readonly samplesPerPrompt: number;
  readonly maxNewTokens: number;
  /** 0 takes the most likely token, and scores at temperature 1. */
  readonly temperature: number;
  /** Keep the smallest set of tokens with at least this probability; scores stay those of the full distribution. */
  readonly topP?: number;
  readonly stopIds: readonly number[];
  readonly random: Random;
  /** Whether backward() will follow. */
  readonly train: boolean;
}

/** Where each sequence's tokens lie among the rows. */
interface Placement {
  readonly promptRows: readonly { readonly start: number; readonly length: number }[];
  /** Rows of each response's tokens but its last, which nothing attends to. */
  readonly responseRows: number[][];
  rows: number;
}

interface Trace {
  readonly batch: SequenceBatch;
  readonly placement: Placement;
  readonly temperature: number;
}

export class Policy {
  readonly transformer: Transformer;
  #training: Activations | undefined;
  #inference: Activations | undefined;
  #trace: Trace | undefined;

  constructor(transformer: Transformer) {
    this.transformer = transformer;
  }

  /** Samples responses to each prompt; they come prompt by prompt, and a stop token is part of its response. */
  async generate(prompts: readonly (readonly number[])[], options: GenerateOptions): Promise<Rollouts> {
    const { samplesPerPrompt, maxNewTokens, stopIds } = options;
    this.#check(prompts);
    const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    const longestPrompt = prompts.reduce((longest, prompt) => Math.max(longest, prompt.length), 0);
    const count = prompts.length * samplesPerPrompt;
    const listSize = longestPrompt + maxNewTokens;
    const activations = this.#reserve(
      promptTokens + count * Math.max(0, maxNewTokens - 1),
      promptTokens + count * listSize,
      options.train,
    );
    const placement = this.#forwardPrompts(activations, prompts);
    const responses = Array.from({ length: count }, (_, index) => ({
      prompt: Math.floor(index / samplesPerPrompt),
      tokens: [] as number[],
      scores: [] as number[],
      ended: false,
    }));
    for (const [index, { prompt }] of responses.entries()) {
      const { start, length } = placement.promptRows[prompt] as { start: number; length: number };
      const keys = Array.from({ length }, (_, i) => start + i);
      activations.writeKeys(promptTokens + index * listSize, keys);
      placement.responseRows.push([]);
    }

    let active = responses.map((_, index) => index);
    let sources = active.map((index) => responses[index]?.prompt as number);
    this.#vocabularyWork(count); // its full size now: growing it later would free the states
    let states = this.#lastPromptStates(activations, placement);
    for (let step = 0; step < maxNewTokens && active.length > 0; step++) {
      const drawn = await this.#draw(states, sources, options);
      for (const [at, index] of active.entries()) {
        const response = responses[index] as (typeof responses)[number];
        const token = drawn.ids[at] as number;
        response.tokens.push(token);
        response.scores.push(...drawn.scores.subarray(4 * at, 4 * at + 3));
        response.ended = stopIds.includes(token);
      }
      active = active.filter((index) => !responses[index]?.ended);
      if (step + 1 === maxNewTokens || active.length === 0) break;
      const first = placement.rows;
      placement.rows += active.length;
      const rows = active.map((index, at) => {
        const { prompt, tokens } = responses[index] as (typeof responses)[number];
        const length = placement.promptRows[prompt]?.length ?? 0;
        const listStart = promptTokens + index * listSize;
        placement.responseRows[index]?.push(first + at);
        activations.writeKeys(listStart + length + step, [first + at]);
        return { id: tokens[step] as number, position: length + step, list: listStart };
      });
      activations.forward(first, this.#describe(rows));
      states = activations.normed.rows(first, first + active.length);
      sources = active.map((_, at) => at);
    }

    const batch = { prompts, responses: responses.map(({ prompt, tokens }) => ({ prompt, tokens })) };
    this.#trace = options.train ? { batch, placement, temperature: options.temperature || 1 } : undefined;
    const flat = responses.flatMap(({ scores }) => scores);
    return { ...batch, ended: responses.map(({ ended }) => ended), scores: toScores(batch, flat, 3) };
  }

  /** Scores given responses under the current weights; backward() may follow. */
  async score(batch: SequenceBatch, { temperature }: { readonly temperature: number }): Promise<TokenScores> {
    const { prompts, responses } = batch;
    this.#check(prompts);
    const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
    const lengths = responses.map(({ prompt, tokens }) => (prompts[prompt]?.length ?? 0) + tokens.length);
    const entries = promptTokens + lengths.reduce((sum, length) => sum + length, 0);
    const own = responses.reduce((sum, { tokens }) => sum + Math.max(0, tokens.length - 1), 0);
    const activations = this.#reserve(promptTokens + own, entries, true);
    const placement = this.#forwardPrompts(activations, prompts);
    const rows: { id: number; position: number; list: number }[] = [];
    let list = promptTokens;
    for (const [index, { prompt, tokens }] of responses.entries()) {
      const { start, length } = placement.promptRows[prompt] as { start: number; length: number };
      const ownRows = tokens.slice(0, -1).map((_, i) => placement.rows + i);
      activations.writeKeys(list, [...Array.from({ length }, (_, i) => start + i), ...ownRows]);
      for (const i of ownRows.keys()) rows.push({ id: tokens[i] as number, position: length + i, list });
      placement.responseRows.push(ownRows);
      placement.rows += ownRows.length;
      list += lengths[index] as number;
    }
    if (rows.length > 0) activations.forward(promptTokens, this.#describe(rows));
    this.#trace = { batch, placement, temperature };
    const { device } = this.transformer;
    const targets = this.#targets(this.#trace);
    const parts: Float32Array[] = [];
    for (const chunk of this.#chunks(targets.rows.length)) {
      const work = this.#vocabularyWork(chunk.length);
      this.#logitsOf(activations, targets.rows.slice(chunk.start, chunk.end), work);
      device.write(work.targets, targets.ids.slice(chunk.start, chunk.end));
      device.scoreTargets(work.scores, work.logits, work.targets, temperature);
      parts.push(await device.readFloats(work.scores));
    }
    return toScores(batch, concatenate(parts), 4);
  }

  /** Logits at every position of one sequence of tokens, [tokens, vocabulary], row-major. */
  async logits(tokens: readonly number[], { all = false }: { readonly all?: boolean } = {}): Promise<Float32Array> {
    this.#check([tokens]);
    const activations = this.#reserve(tokens.length, tokens.length, false);
    this.#forwardPrompts(activations, [tokens]);
    const parts: Float32Array[] = [];
    const rows = Array.from({ length: tokens.length }, (_, i) => i).slice(all ? 0 : -1);
    for (const chunk of this.#chunks(rows.length)) {
      const work = this.#vocabularyWork(chunk.length);
      this.#logitsOf(activations, rows.slice(chunk.start, chunk.end), work);
      parts.push(await this.transformer.device.readFloats(work.logits));
    }
    return concatenate(parts);
  }

  /**
   * Adds to the gradients of the weights, given d loss / d logp of every response token of the last generate (with
   * `train`) or score, in the layout of their scores. Throws "policy/no-forward" when there is none.
   */
  backward(dLogp: ArrayLike<number>): void {
    const [trace, activations] = [this.#trace, this.#training];
    if (!trace || !activations) {
      throw new LabelfreeError(
        "policy/no-forward",
        "policy: backward() needs a generate({ train: true }) or score() before it",
      );
    }
    const { device, weights, gradients } = this.transformer;
    const { rows } = trace.placement;
    const dnormed = activations.clearedGradient(rows);
    const targets = this.#targets(trace);
    const moved = targets.rows.map((_, index) => index).filter((index) => dLogp[index] !== 0);
    for (const chunk of this.#chunks(moved.length)) {
      const tokens = moved.slice(chunk.start, chunk.end);
      const work = this.#vocabularyWork(chunk.length);
      const states = this.#logitsOf(
        activations,
        tokens.map((index) => targets.rows[index] as number),
        work,
      );
      device.write(
        work.targets,
        tokens.map((index) => targets.ids[index] as number),
      );
      device.write(
        work.dlogp,
        tokens.map((index) => dLogp[index] as number),
      );
      device.scoreTargets(work.scores, work.logits, work.targets, trace.temperature);
      device.logpBackward(work.logits, work.scores, work.targets, work.dlogp, trace.temperature);
      device.linearWeightGradient(gradients.views.head, undefined, work.logits, states);
      device.linearBackward(work.dstates, work.logits, weights.head);
      device.scatterAdd(dnormed, work.dstates, work.rows);
    }
    activations.backward(rows, this.#groups(trace));
  }

  /** Frees the activations. */
  release(): void {
    this.#training?.release();
    this.#inference?.release();
    this.#training = this.#inference = this.#trace = undefined;
  }

  #check(prompts: readonly (readonly number[])[]): void {
    const { vocabularySize } = this.transformer.config;
    for (const [index, prompt] of prompts.entries()) {
      if (prompt.length === 0) throw new LabelfreeError("policy/empty-prompt", `policy: prompt ${index} has no tokens`);
      for (const id of prompt) {
        if (!Number.isInteger(id) || id < 0 || id >= vocabularySize) {
          throw new LabelfreeError(
            "policy/token",
            `policy: token of prompt ${index}, got ${id}, expected 0 to ${vocabularySize - 1}`,
          );
        }
      }
    }
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
    const placement: Placement = { promptRows: [], responseRows: [], rows: 0 };
    const promptRows = placement.promptRows as { start: number; length: number }[];
    const rows = prompts.flatMap((prompt) => {
      const start = placement.rows;
      placement.rows += prompt.length;
      promptRows.push({ start, length: prompt.length });
      return prompt.map((id, position) => ({ id, position, list: start }));
    });
    activations.writeKeys(
      0,
      rows.map((_, row) => row),
    );
    activations.forward(0, this.#describe(rows));
    return placement;
  }

  /** A row attends to the first position + 1 entries of its list, or to the last of them if the window is shorter. */
  #describe(rows: readonly { readonly id: number; readonly position: number; readonly list: number }[]) {
    const window = this.transformer.config.slidingWindow ?? Number.POSITIVE_INFINITY;
    return {
      ids: rows.map(({ id }) => id),
      positions: rows.map(({ position }) => position),
      keyStarts: rows.map(({ position, list }) => list + Math.max(0, position + 1 - window)),
      keyCounts: rows.map(({ position }) => Math.min(position + 1, window)),
    };
  }

  #lastPromptStates(activations: Activations, { promptRows }: Placement): Tensor {
    const work = this.#vocabularyWork(promptRows.length);
    this.transformer.device.write(
      work.rows,
      promptRows.map(({ start, length }) => start + length - 1),
    );
    this.transformer.device.gather(work.states, activations.normed, work.rows);
    return work.states;
  }

  async #draw(
    states: Tensor,
    sources: readonly number[],
    { temperature, topP, random }: GenerateOptions,
  ): Promise<{ ids: ArrayLike<number>; scores: Float32Array }> {
    const { device, weights } = this.transformer;
    const count = sources.length;
    const work = this.#vocabularyWork(Math.max(count, states.shape[0] ?? 0));
    const of = (tensor: Tensor) => tensor.rows(0, count);
    const logits = work.logits.rows(0, states.shape[0] ?? 0);
    device.linear(logits, states, weights.head);
    const uniforms = sources.map(() => (random.uint32() >>> 8) / 2 ** 24);
    if (topP === undefined || temperature === 0) {
      device.write(of(work.rows), sources);
      device.write(of(work.dlogp), uniforms);
      device.sample(of(work.targets), of(work.scores), logits, of(work.rows), of(work.dlogp), temperature);
      return { ids: await device.readInts(of(work.targets)), scores: await device.readFloats(of(work.scores)) };
    }
    const values = await device.readFloats(logits);
    const { vocabularySize } = this.transformer.config;
    const rows = sources.map((source) => values.slice(source * vocabularySize, (source + 1) * vocabularySize));
    const ids = rows.map((row, at) => sampleFiltered(filterLogits(row, { temperature, topP }), uniforms[at] as number));
    device.write(of(work.logits), concatenate(rows));
    device.write(of(work.targets), ids);
    device.scoreTargets(of(work.scores), of(work.logits), of(work.targets), temperature);
    return { ids, scores: await device.readFloats(of(work.scores)) };
  }

  /** For every response token in order: the row whose state predicts it, and its id. */
  #targets({ batch, placement }: Trace): { rows: number[]; ids: number[] } {
    const rows: number[] = [];
    const ids: number[] = [];
    for (const [index, { prompt, tokens }] of batch.responses.entries()) {
      const { start, length } = placement.promptRows[prompt] as { start: number; length: number };
      const own = placement.responseRows[index] as number[];
      for (const [at, id] of tokens.entries()) {
        rows.push(at === 0 ? start + length - 1 : (own[at - 1] as number));
        ids.push(id);
      }
    }
    return { rows, ids };
  }

  #groups({ batch, placement }: Trace) {
    const { device } = this.transformer;
    const byPrompt: number[][] = placement.promptRows.map(({ start, length }) =>
      Array.from({ length }, (_, i) => start + i),
    );
    for (const [index, { prompt }] of batch.responses.entries()) {
      byPrompt[prompt]?.push(...(placement.responseRows[index] as number[]));
    }
    const starts = [0];
    for (const rows of byPrompt) starts.push((starts.at(-1) as number) + rows.length);
    this.#groupTensors = reserveInts(device, this.#groupTensors, starts.length, placement.rows);
    const { groupStarts, groupRows } = this.#groupTensors;
    device.write(groupStarts, starts);
    device.write(groupRows, byPrompt.flat());
    return { groupStarts, groupRows, groups: byPrompt.length };
  }
  #groupTensors: { groupStarts: Tensor; groupRows: Tensor } | undefined;

  /** Gathers the states at `rows` and computes their logits; returns the states. */
  #logitsOf(activations: Activations, rows: readonly number[], work: VocabularyWork): Tensor {
    const { device, weights } = this.transformer;
    device.write(work.rows, rows);
    device.gather(work.states, activations.normed, work.rows);
    device.linear(work.logits, work.states, weights.head);
    return work.states;
  }

  *#chunks(count: number): Generator<{ start: number; end: number; length: number }> {
    const ranges: { start: number; end: number; length: number }[] = [];
    forChunks(count, (start, end) => ranges.push({ start, end, length: end - start }));
    yield* ranges;
  }

  #vocabularyWork(rows: number): VocabularyWork {
    const { device, config } = this.transformer;
    if (!this.#work || this.#work.capacity < rows) {
      if (this.#work) for (const tensor of Object.values(this.#work.tensors)) device.release(tensor);
      this.#work = {
        capacity: rows,
        tensors: {
          states: device.tensor([rows, config.hiddenSize]),
          dstates: device.tensor([rows, config.hiddenSize]),
          logits: device.tensor([rows, config.vocabularySize]),
          scores: device.tensor([rows, 4]),
          dlogp: device.tensor([rows]),
          rows: device.tensor([rows], "i32"),
          targets: device.tensor([rows], "i32"),
        },
      };
    }
    const { tensors } = this.#work;
    const of = (tensor: Tensor) => tensor.rows(0, rows);
    return {
      states: of(tensors.states),
      dstates: of(tensors.dstates),
      logits: of(tensors.logits),
      scores: of(tensors.scores),
      dlogp: of(tensors.dlogp),
      rows: of(tensors.rows),
      targets: of(tensors.targets),
    };
  }
  #work: { readonly capacity: number; readonly tensors: VocabularyWork } | undefined;
}

/** Working space over the vocabulary for a chunk of rows. */
interface VocabularyWork {
  readonly states: Tensor; // [rows, hidden]
  readonly dstates: Tensor;
  readonly logits: Tensor; // [rows, vocabulary]
  readonly scores: Tensor; // [rows, 4]
  readonly dlogp: Tensor; // [rows]; the uniform numbers while sampling
  readonly rows: Tensor; // [rows], i32
  readonly targets: Tensor;
}

function reserveInts(
  device: Transformer["device"],
  current: { groupStarts: Tensor; groupRows: Tensor } | undefined,
  starts: number,
  rows: number,
): { groupStarts: Tensor; groupRows: Tensor } {
  if (current && current.groupStarts.size >= starts && current.groupRows.size >= rows) return current;
  if (current) for (const tensor of Object.values(current)) device.release(tensor);
  return { groupStarts: device.tensor([2 * starts], "i32"), groupRows: device.tensor([2 * rows], "i32") };
}

function toScores(batch: SequenceBatch, flat: ArrayLike<number>, stride: number): TokenScores {
  const offsets = responseOffsets(batch.responses);
  const count = offsets.at(-1) ?? 0;
  const pick = (member: number) => Float32Array.from({ length: count }, (_, i) => flat[stride * i + member] as number);
  return { offsets, logp: pick(0), entropy: pick(1), certainty: pick(2) };
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
