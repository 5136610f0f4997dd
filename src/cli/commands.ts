// The commands in the order of the help; a new one is one line here.

export { benchCommand } from "./bench.ts";
export { figuresCommand } from "./figures.ts";
export { kernelCommand } from "./kernel.ts";
export { logitsCommand } from "./logits.ts";
export { notebookCommand } from "./notebook.ts";
export { pretrainCommand } from "./pretrain.ts";
export { reproduceCommand } from "./reproduce.ts";
export { reviewCommand } from "./review.ts";
export { sampleCommand } from "./sample.ts";
export { trainCommand } from "./train.ts";
export { verdictsCommand } from "./verdicts.ts";
export { verifyCommand } from "./verify.ts";
