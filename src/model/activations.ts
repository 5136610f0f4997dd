// What a forward pass leaves behind, one row a token, and the forward and backward passes over those rows.
//
// A row is given its token, its position and the list of rows it attends to; then any later row may attend to it. So the
// same rows serve as key-value cache while sampling and as the forward pass of training: nothing is computed twice. With
// `keep` false only q, k and v are kept and the rest is overwritten by the next rows.
import type { AttentionGroups, AttentionRows, Device, HeadShape, Tensor } from "../device/device.ts";
import type { LayerParameters } from "./parameters.ts";
import type { Transformer } from "./transformer.ts";

/** Rows worked on at a time, so that a chunk's activations stay in the processor's cache. */
const CHUNK_ROWS = 256;

interface LayerRows {
  readonly input: Tensor; // [rows, hidden]
  readonly inputNormed: Tensor;
  readonly inputRstd: Tensor; // [rows]
  readonly qkv: Tensor; // [rows, (heads + 2 kvHeads) headSize]
  readonly attended: Tensor; // [rows, heads headSize]
  readonly lse: Tensor; // [rows, heads]
  readonly middle: Tensor; // [rows, hidden]
  readonly mlpNormed: Tensor;
  readonly mlpRstd: Tensor;
  readonly gateUp: Tensor; // [rows, 2 intermediate]
  readonly activated: Tensor; // [rows, intermediate]
}

interface Scratch {
  readonly hidden: Tensor; // d loss / d normed output, then reused, [rows, hidden]
  readonly stream: Tensor; // d loss / d residual stream, [rows, hidden]
  readonly attended: Tensor;
  readonly qkv: Tensor;
  readonly normed: Tensor; // [CHUNK_ROWS, hidden]
  readonly gateUp: Tensor; // [CHUNK_ROWS, 2 intermediate]
  readonly activated: Tensor; // [CHUNK_ROWS, intermediate]
  readonly copies: ChunkCopies;
}

/** Room for what a chunk of rows needs when they do not lie together. */
interface ChunkCopies {
  readonly hidden: Tensor;
  readonly normed: Tensor;
  readonly rstd: Tensor;
  readonly qkv: Tensor;
  readonly attended: Tensor;
  readonly dattended: Tensor;
  readonly gateUp: Tensor;
  readonly activated: Tensor;
  readonly ints: Tensor;
}

export class Activations {
  readonly capacity: number;
  readonly keep: boolean;
  /** Normed output of the last layer, [rows, hidden]; the first rows only, if not kept. */
  readonly normed: Tensor;
  readonly #transformer: Transformer;
  readonly #device: Device;
  readonly #shape: HeadShape;
  readonly #layers: readonly LayerRows[];
  readonly #output: Tensor;
  readonly #outputRstd: Tensor;
  readonly #ids: Tensor;
  readonly #positions: Tensor;
  readonly #keys: { keyStarts: Tensor; keyCounts: Tensor; keyLists: Tensor; longestList: number };
  readonly #tensors: Tensor[] = [];
  #scratch: Scratch | undefined;
  #groupRows: Tensor | undefined;
  #groupStarts: Tensor | undefined;
  #chosenRows: Tensor | undefined;

  /**
   * @param capacity rows in all
   * @param listCapacity entries of all key lists together
   * @param keep whether backward() can follow
   */
  constructor(transformer: Transformer, capacity: number, listCapacity: number, keep: boolean) {
    const { config, device } = transformer;
    this.#transformer = transformer;
    this.#device = device;
    this.#shape = config;
    this.capacity = capacity;
    this.keep = keep;
    const { hiddenSize, intermediateSize, heads, kvHeads, headSize } = config;
    const kept = keep ? capacity : Math.min(capacity, CHUNK_ROWS);
    const rows = (...shape: number[]) => this.#tensor([kept, ...shape]);
    const layers = Array.from({ length: keep ? config.layers : 1 }, () => ({
      input: rows(hiddenSize),
      inputNormed: rows(hiddenSize),
      inputRstd: rows(1),
      attended: rows(heads * headSize),
      lse: rows(heads),
      middle: rows(hiddenSize),
      mlpNormed: rows(hiddenSize),
      mlpRstd: rows(1),
      gateUp: rows(2 * intermediateSize),
      activated: rows(intermediateSize),
    }));
    this.#layers = Array.from({ length: config.layers }, (_, index) => ({
      ...(layers[keep ? index : 0] as (typeof layers)[number]),
      qkv: this.#tensor([capacity, (heads + 2 * kvHeads) * headSize]),
    }));
    this.#output = rows(hiddenSize);
    this.#outputRstd = rows(1);
    this.normed = this.#tensor([capacity, hiddenSize]);
    this.#ids = this.#tensor([capacity], "i32");
    this.#positions = this.#tensor([capacity], "i32");
    this.#keys = {
      keyStarts: this.#tensor([capacity], "i32"),
      keyCounts: this.#tensor([capacity], "i32"),
      keyLists: this.#tensor([listCapacity], "i32"),
      longestList: 0,
    };
  }

  /** Whether rows and list entries of these counts fit. */
  fits(rows: number, listEntries: number): boolean {
    return rows <= this.capacity && listEntries <= this.#keys.keyLists.size;
  }

  release(): void {
    for (const tensor of this.#tensors) this.#device.release(tensor);
  }

  /** Writes key list entries from position `start` on. */
  writeKeys(start: number, rows: ArrayLike<number>): void {
    this.#device.write(this.#keys.keyLists.rows(start, start + rows.length), rows);
  }

  /** Runs the transformer over rows first ... first + ids.length - 1; every key list named must be written. */
  forward(
    first: number,
    rows: {
      readonly ids: ArrayLike<number>;
      readonly positions: ArrayLike<number>;
      readonly keyStarts: ArrayLike<number>;
      readonly keyCounts: ArrayLike<number>;
    },
  ): void {
    const end = first + rows.ids.length;
    this.#device.write(this.#ids.rows(first, end), rows.ids);
    this.#device.write(this.#positions.rows(first, end), rows.positions);
    this.#device.write(this.#keys.keyStarts.rows(first, end), rows.keyStarts);
    this.#device.write(this.#keys.keyCounts.rows(first, end), rows.keyCounts);
    let [longest, last] = [this.#keys.longestList, 0];
    for (let i = 0; i < rows.ids.length; i++) {
      longest = Math.max(longest, rows.keyCounts[i] as number);
      last = Math.max(last, rows.positions[i] as number);
    }
    this.#keys.longestList = longest;
    const rotary = this.#transformer.rotary(last + 1);
    for (let at = first; at < end; at += CHUNK_ROWS) this.#forwardChunk(at, Math.min(at + CHUNK_ROWS, end), rotary);
  }

  #forwardChunk(start: number, end: number, rotary: ReturnType<Transformer["rotary"]>): void {
    const [device, { weights, config }] = [this.#device, this.#transformer];
    const offset = this.keep ? 0 : start;
    const of = (tensor: Tensor) => tensor.rows(start - offset, end - offset);
    const epsilon = config.rmsNormEps;
    const keys: AttentionRows = this.#keys;
    device.gather(of(this.#layers[0]?.input as Tensor), weights.embedding, this.#ids.rows(start, end));
    for (const [index, layer] of this.#layers.entries()) {
      const parameters = weights.layers[index] as LayerParameters;
      const [input, middle, normed, mlpNormed] = [layer.input, layer.middle, layer.inputNormed, layer.mlpNormed].map(
        of,
      );
      const qkv = layer.qkv.rows(start, end);
      device.rmsNorm(normed, of(layer.inputRstd), input, parameters.inputNorm, epsilon);
      device.linear(qkv, normed, parameters.qkv, { bias: parameters.qkvBias });
      device.rope(qkv, this.#positions.rows(start, end), rotary, config.heads + config.kvHeads);
      device.attention(of(layer.attended), of(layer.lse), layer.qkv, start, keys, this.#shape);
      device.linear(middle, of(layer.attended), parameters.output, { onto: input });
      device.rmsNorm(mlpNormed, of(layer.mlpRstd), middle, parameters.mlpNorm, epsilon);
      device.linear(of(layer.gateUp), mlpNormed, parameters.gateUp);
      device.swiGlu(of(layer.activated), of(layer.gateUp));
      const output = of(this.#layers[index + 1]?.input ?? this.#output);
      device.linear(output, of(layer.activated), parameters.down, { onto: middle });
    }
    device.rmsNorm(this.normed.rows(start, end), of(this.#outputRstd), of(this.#output), weights.norm, epsilon);
  }

  /** The gradient of the loss by `normed`, [rows, hidden], cleared: fill it, then call backward. */
  clearedGradient(rows: number): Tensor {
    const { hidden } = this.#reserveScratch();
    const gradient = hidden.rows(0, rows);
    this.#device.clear(gradient);
    return gradient;
  }

  /**
   * Adds to the gradients, given clearedGradient filled.
   * @param groupedRows rows with a gradient, in groups of which none attends to another; rows left out cost nothing
   * @param rowCount rows of the last forward passes in all
   */
  backward(groupedRows: readonly (readonly number[])[], rowCount: number): void {
    const [device, { weights, gradients, config }] = [this.#device, this.#transformer];
    const groups = this.#writeGroups(groupedRows);
    const rows = groups.groupRows.size;
    if (rows === 0) return;
    const scratch = this.#reserveScratch();
    const chosen = rows < rowCount ? this.#chooseRows(groupedRows) : undefined;
    const chunksOf = (
      work: (take: (tensor: Tensor, copy: Tensor) => Tensor, stream: Tensor, chosen?: Tensor) => void,
    ) =>
      forChunks(rows, (start, end) => {
        const at = chosen?.rows(start, end);
        const take = (tensor: Tensor, copy: Tensor): Tensor => {
          if (at === undefined) return tensor.rows(start, end);
          const taken = copy.rows(0, end - start);
          device.gather(taken, tensor, at);
          return taken;
        };
        work(take, scratch.stream.rows(start, end), at);
      });
    const [rotary, rotated] = [this.#transformer.rotary(1), config.heads + config.kvHeads];
    const { copies } = scratch;
    device.clear(scratch.stream.rows(0, rows));
    chunksOf((take, stream) => {
      const [dnormed, output] = [take(scratch.hidden, copies.normed), take(this.#output, copies.hidden)];
      const rstd = take(this.#outputRstd, copies.rstd);
      device.rmsNormBackward(stream, gradients.views.norm, dnormed, output, rstd, weights.norm);
    });
    for (let index = config.layers - 1; index >= 0; index--) {
      const layer = this.#layers[index] as LayerRows;
      const parameters = weights.layers[index] as LayerParameters;
      const into = gradients.views.layers[index] as LayerParameters;
      if (chosen) device.clear(scratch.attended.rows(0, rowCount));
      chunksOf((take, stream, at) => {
        const count = stream.shape[0] as number;
        const [dactivated, dgateUp, dnormed] = [scratch.activated, scratch.gateUp, scratch.normed].map((tensor) =>
          tensor.rows(0, count),
        );
        device.linearBackward(dactivated, stream, parameters.down);
        device.linearWeightGradient(into.down, undefined, stream, take(layer.activated, copies.activated));
        device.swiGluBackward(dgateUp, dactivated, take(layer.gateUp, copies.gateUp));
        device.linearBackward(dnormed, dgateUp, parameters.gateUp);
        device.linearWeightGradient(into.gateUp, undefined, dgateUp, take(layer.mlpNormed, copies.normed));
        const [middle, rstd] = [take(layer.middle, copies.hidden), take(layer.mlpRstd, copies.rstd)];
        device.rmsNormBackward(stream, into.mlpNorm, dnormed, middle, rstd, parameters.mlpNorm);
        const dattended = at ? copies.dattended.rows(0, count) : take(scratch.attended, copies.dattended);
        device.linearBackward(dattended, stream, parameters.output);
        if (at) device.scatterAdd(scratch.attended, dattended, at);
        device.linearWeightGradient(into.output, undefined, stream, take(layer.attended, copies.attended));
      });
      const of = (tensor: Tensor) => tensor.rows(0, rowCount);
      const [dqkv, attended] = [of(scratch.qkv), of(layer.attended)];
      const [lse, qkv] = [of(layer.lse), of(layer.qkv)];
      device.attentionBackward(dqkv, of(scratch.attended), attended, lse, qkv, this.#keys, groups, this.#shape);
      chunksOf((take, stream) => {
        const dnormed = scratch.normed.rows(0, stream.shape[0] as number);
        const dqkv = take(scratch.qkv, copies.qkv);
        device.rope(dqkv, take(this.#positions, copies.ints), rotary, rotated, true);
        device.linearBackward(dnormed, dqkv, parameters.qkv);
        device.linearWeightGradient(into.qkv, into.qkvBias, dqkv, take(layer.inputNormed, copies.normed));
        const [input, rstd] = [take(layer.input, copies.hidden), take(layer.inputRstd, copies.rstd)];
        device.rmsNormBackward(stream, into.inputNorm, dnormed, input, rstd, parameters.inputNorm);
      });
    }
    chunksOf((take, stream) => device.scatterAdd(gradients.views.embedding, stream, take(this.#ids, copies.ints)));
  }

  /** The rows of all groups, in order. */
  #chooseRows(groupedRows: readonly (readonly number[])[]): Tensor {
    this.#chosenRows ??= this.#tensor([this.capacity], "i32");
    const rows = Int32Array.from(groupedRows.flat()).sort();
    this.#device.write(this.#chosenRows, rows);
    return this.#chosenRows.rows(0, rows.length);
  }

  #writeGroups(groupedRows: readonly (readonly number[])[]): AttentionGroups {
    const starts = [0];
    for (const rows of groupedRows) starts.push((starts.at(-1) as number) + rows.length);
    this.#groupRows ??= this.#tensor([this.capacity], "i32");
    this.#groupStarts ??= this.#tensor([this.capacity + 1], "i32"); // a group has a row at least
    const groupRows = this.#groupRows.rows(0, starts.at(-1) as number);
    const groupStarts = this.#groupStarts.rows(0, starts.length);
    this.#device.write(groupRows, groupedRows.flat());
    this.#device.write(groupStarts, starts);
    return { groupStarts, groupRows, groups: groupedRows.length };
  }

  #reserveScratch(): Scratch {
    const { hiddenSize, intermediateSize, heads, kvHeads, headSize } = this.#transformer.config;
    this.#scratch ??= {
      hidden: this.#tensor([this.capacity, hiddenSize]),
      stream: this.#tensor([this.capacity, hiddenSize]),
      attended: this.#tensor([this.capacity, heads * headSize]),
      qkv: this.#tensor([this.capacity, (heads + 2 * kvHeads) * headSize]),
      normed: this.#tensor([CHUNK_ROWS, hiddenSize]),
      gateUp: this.#tensor([CHUNK_ROWS, 2 * intermediateSize]),
      activated: this.#tensor([CHUNK_ROWS, intermediateSize]),
      copies: {
        hidden: this.#tensor([CHUNK_ROWS, hiddenSize]),
        normed: this.#tensor([CHUNK_ROWS, hiddenSize]),
        rstd: this.#tensor([CHUNK_ROWS, 1]),
        qkv: this.#tensor([CHUNK_ROWS, (heads + 2 * kvHeads) * headSize]),
        attended: this.#tensor([CHUNK_ROWS, heads * headSize]),
        dattended: this.#tensor([CHUNK_ROWS, heads * headSize]),
        gateUp: this.#tensor([CHUNK_ROWS, 2 * intermediateSize]),
        activated: this.#tensor([CHUNK_ROWS, intermediateSize]),
        ints: this.#tensor([CHUNK_ROWS], "i32"),
      },
    };
    return this.#scratch;
  }

  #tensor(shape: readonly number[], kind?: "f32" | "i32"): Tensor {
    const tensor = this.#device.tensor(shape, kind);
    this.#tensors.push(tensor);
    return tensor;
  }
}

export function forChunks(rows: number, work: (start: number, end: number) => void): void {
  for (let start = 0; start < rows; start += CHUNK_ROWS) work(start, Math.min(start + CHUNK_ROWS, rows));
}
