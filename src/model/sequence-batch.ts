// Token sequences and their scores, as they pass between sampler, loss and model.

/** Responses to prompts; a group is the responses that share a prompt. */
export interface SequenceBatch {
  readonly prompts: readonly (readonly number[])[];
  /** `prompt` is an index into prompts. A response may be empty. */
  readonly responses: readonly { readonly prompt: number; readonly tokens: readonly number[] }[];
}

/** One value per response token, all responses end to end. */
export interface TokenScores {
  /** Response i owns entries offsets[i] to offsets[i + 1] - 1; responses + 1 numbers. */
  readonly offsets: Int32Array;
  /** Log-probability of the token, in nats, at the rollout temperature, as are the next two. */
  readonly logp: Float32Array;
  /** Entropy of the distribution the token was drawn from, in nats. */
  readonly entropy: Float32Array;
  /** logsumexp z - mean z = KL(uniform || p) + log of the vocabulary size, in nats: Intuitor's self-certainty. */
  readonly certainty: Float32Array;
}

export interface Rollouts extends SequenceBatch {
  /** True: the last token is a stop token. False: cut at the longest length allowed. */
  readonly ended: readonly boolean[];
  readonly scores: TokenScores;
}

export function responseOffsets(responses: SequenceBatch["responses"]): Int32Array {
  const offsets = new Int32Array(responses.length + 1);
  for (const [index, { tokens }] of responses.entries()) offsets[index + 1] = (offsets[index] ?? 0) + tokens.length;
  return offsets;
}
