/** Tokens with the stop token, mean over held-out problems. */
export const LENGTH = "eval/math-like/mean_length";

/** Share of held-out responses with a step that goes back over an earlier one. */
export const REFLECTION = "eval/math-like/reflection_share";
