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
   * @param groupedRows all rows 0, 1, ... of the last forward passes, in groups of which none attends to another
   */
  backward(groupedRows: readonly (readonly number[])[]): void {
    const [device, { weights, gradients, config }] = [this.#device, this.#transformer];
    const groups = this.#writeGroups(groupedRows);
    const rows = groups.groupRows.size;
    const scratch = this.#reserveScratch();
    const of = (tensor: Tensor) => tensor.rows(0, rows);
    const stream = of(scratch.stream);
    const [rotary, rotated] = [this.#transformer.rotary(1), config.heads + config.kvHeads];
    device.clear(stream);
    device.rmsNormBackward(
      ...([stream, gradients.views.norm, of(scratch.hidden), of(this.#output)] as const),
      ...([of(this.#outputRstd), weights.norm] as const),
    );
    for (let index = config.layers - 1; index >= 0; index--) {
      const layer = this.#layers[index] as LayerRows;
      const parameters = weights.layers[index] as LayerParameters;
      const into = gradients.views.layers[index] as LayerParameters;
      forChunks(rows, (start, end) => {
        const of = (tensor: Tensor) => tensor.rows(start, end);
        const [dactivated, dgateUp, dnormed] = [scratch.activated, scratch.gateUp, scratch.normed].map((tensor) =>
          tensor.rows(0, end - start),
        );
        device.linearBackward(dactivated, of(stream), parameters.down);
        device.linearWeightGradient(into.down, undefined, of(stream), of(layer.activated));
        device.swiGluBackward(dgateUp, dactivated, of(layer.gateUp));
        device.linearBackward(dnormed, dgateUp, parameters.gateUp);
        device.linearWeightGradient(into.gateUp, undefined, dgateUp, of(layer.mlpNormed));
        const norm = [of(layer.middle), of(layer.mlpRstd), parameters.mlpNorm] as const;
        device.rmsNormBackward(of(stream), into.mlpNorm, dnormed, ...norm);
        device.linearBackward(of(scratch.attended), of(stream), parameters.output);
        device.linearWeightGradient(into.output, undefined, of(stream), of(layer.attended));
      });
      const [dqkv, attended] = [of(scratch.qkv), of(layer.attended)];
      const [lse, qkv] = [of(layer.lse), of(layer.qkv)];
      device.attentionBackward(dqkv, of(scratch.attended), attended, lse, qkv, this.#keys, groups, this.#shape);
      device.rope(dqkv, of(this.#positions), rotary, rotated, true);
      forChunks(rows, (start, end) => {
        const of = (tensor: Tensor) => tensor.rows(start, end);
        const dnormed = scratch.normed.rows(0, end - start);
        device.linearBackward(dnormed, of(dqkv), parameters.qkv);
        device.linearWeightGradient(into.qkv, into.qkvBias, of(dqkv), of(layer.inputNormed));
        const norm = [of(layer.input), of(layer.inputRstd), parameters.inputNorm] as const;
        device.rmsNormBackward(of(stream), into.inputNorm, dnormed, ...norm);
      });
    }
    device.scatterAdd(gradients.views.embedding, stream, of(this.#ids));
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
