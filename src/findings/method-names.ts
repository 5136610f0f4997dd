import type { MethodName } from "../rl/methods.ts";

/** How a method is called in a sentence. */
export const METHOD_NAMES: Readonly<Record<MethodName, string>> = {
  grpo: "GRPO",
  ttrl: "TTRL",
  intuitor: "Intuitor",
  cuma: "CuMa",
  random: "random reward",
  format: "format reward",
  wrong: "wrong reward",
  empo: "EMPO",
  rent: "RENT",
  mixed: "votes and certainty",
  soft: "soft votes",
};
