// The tensor seam: the operations of a decoder-only transformer, forward and backward, that every device offers.
//
// There is no autodiff tape. The architecture is fixed, so each operation stands beside its derivative, and a backward
// operation ADDS to weight gradients but says what it does to activations' gradients. Operations run in the order of the
// calls; `read` waits for them. Matrices are row-major; a "row" is one token's vector. Integer tensors hold row numbers,
// token ids and positions.

export type ElementKind = "f32" | "i32";

export interface Tensor {
  readonly shape: readonly number[];
  readonly kind: ElementKind;
  readonly size: number;
  /** Rows start (included) to end (excluded) along the first axis, sharing this tensor's memory. */
  rows(start: number, end: number): Tensor;
  /** `shape` elements from the `offset`-th on, sharing this tensor's memory. */
  view(offset: number, shape: readonly number[]): Tensor;
}

/** Which rows each query row attends to; all members are i32 tensors of row numbers. */
export interface AttentionRows {
  /** For row r, its keys are keyLists[keyStarts[r]] ... keyLists[keyStarts[r] + keyCounts[r] - 1], itself last. */
  readonly keyStarts: Tensor;
  readonly keyCounts: Tensor;
  readonly keyLists: Tensor;
  readonly longestList: number;
}

/** Query rows by group; rows of different groups share no key, so that groups can be worked on side by side. */
export interface AttentionGroups {
  /** groups + 1 positions in groupRows. */
  readonly groupStarts: Tensor;
  readonly groupRows: Tensor;
  readonly groups: number;
}

export interface HeadShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

export interface RotaryTable {
  /** cos and sin, each [positions, headSize / 2]. */
  readonly cosines: Tensor;
  readonly sines: Tensor;
}

export interface AdamWUpdate {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Factor on the gradient, from clipping. */
  readonly gradientScale: number;
  /** beta1^t and beta2^t at this step t = 1, 2, ... */
  readonly beta1Power: number;
  readonly beta2Power: number;
}

export interface Device {
  readonly name: string;
  readonly threads: number;
  /** Bytes held by tensors. */
  readonly memoryBytes: number;

  /** A tensor of zeros. */
  tensor(shape: readonly number[], kind?: ElementKind): Tensor;
  release(tensor: Tensor): void;
  write(tensor: Tensor, values: ArrayLike<number>): void;
  readFloats(tensor: Tensor): Promise<Float32Array>;
  readInts(tensor: Tensor): Promise<Int32Array>;
  copy(to: Tensor, from: Tensor): void;
  clear(tensor: Tensor): void;

  /** out [rows, n] = table [m, n] at ids [rows]. */
  gather(out: Tensor, table: Tensor, ids: Tensor): void;
  /** table [m, n] at ids [rows] += rows [rows, n], in row order. */
  scatterAdd(table: Tensor, rows: Tensor, ids: Tensor): void;

  /** out [rows, n] = x [rows, k] weightᵀ, plus a bias [n] or else a matrix `onto` [rows, n], which may be out; weight [n, k]. */
  linear(out: Tensor, x: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; onto?: Tensor }): void;
  /** dx [rows, k] = dout [rows, n] weight. */
  linearBackward(dx: Tensor, dout: Tensor, weight: Tensor): void;
  /** dweight [n, k] += doutᵀ x; dbias [n] += column sums of dout. */
  linearWeightGradient(dweight: Tensor, dbias: Tensor | undefined, dout: Tensor, x: Tensor): void;

  /** out = x / rms(x) weight; keeps 1 / rms(x) in rstd [rows]. */
  rmsNorm(out: Tensor, rstd: Tensor, x: Tensor, weight: Tensor, epsilon: number): void;
  /** dx += and dweight +=. */
  rmsNormBackward(dx: Tensor, dweight: Tensor, dout: Tensor, x: Tensor, rstd: Tensor, weight: Tensor): void;

  /** Rotates the first `heads` heads of each row of x in place; `inverse` turns back (the backward pass). */
  rope(x: Tensor, positions: Tensor, table: RotaryTable, heads: number, inverse?: boolean): void;

  /**
   * Attention of query rows first ... first + out.rows - 1 of qkv [*, (heads + 2 kvHeads) headSize].
   * out [rows, heads headSize], lse [rows, heads].
   */
  attention(out: Tensor, lse: Tensor, qkv: Tensor, first: number, keys: AttentionRows, shape: HeadShape): void;
  /** dqkv = gradient for all rows in groups; every tensor here is indexed by row number. */
  attentionBackward(
    dqkv: Tensor,
    dout: Tensor,
    out: Tensor,
    lse: Tensor,
    qkv: Tensor,
    keys: AttentionRows,
    groups: AttentionGroups,
    shape: HeadShape,
  ): void;

  /** out [rows, n] = silu(gate) up; gateUp [rows, 2 n] holds gate, then up. */
  swiGlu(out: Tensor, gateUp: Tensor): void;
  swiGluBackward(dgateUp: Tensor, dout: Tensor, gateUp: Tensor): void;

  /** scores [rows, 4] = logp of the target, entropy, certainty, logsumexp of logits [rows, vocabulary] / temperature. */
  scoreTargets(scores: Tensor, logits: Tensor, targets: Tensor, temperature: number): void;
  /** logits become d loss / d logits, given d loss / d logp [rows] and the scores that scoreTargets left. */
  logpBackward(logits: Tensor, scores: Tensor, targets: Tensor, dlogp: Tensor, temperature: number): void;
  /**
   * ids [rows] drawn from logits row sources[row] at a temperature with uniforms [rows] in [0, 1), and their scores;
   * temperature 0 takes the first largest and scores at temperature 1.
   */
  sample(ids: Tensor, scores: Tensor, logits: Tensor, sources: Tensor, uniforms: Tensor, temperature: number): void;

  /** Sum of squares in double precision, in an order that depends on the size alone. */
  sumSquares(x: Tensor): Promise<number>;
  /** Updates weights and moments in place and clears the gradients. */
  adamW(weights: Tensor, gradients: Tensor, first: Tensor, second: Tensor, update: AdamWUpdate): void;

  /** average += share (x - average): an exponential moving average, `share` the weight of the newest. */
  moveAverage(average: Tensor, x: Tensor, share: number): void;

  /** Ends worker threads and frees memory. */
  close(): Promise<void>;
}
