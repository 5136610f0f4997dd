// The commands in the order of the help; a new one is one line here.

export { logitsCommand } from "./logits.ts";
export { pretrainCommand } from "./pretrain.ts";
export { sampleCommand } from "./sample.ts";
export { trainCommand } from "./train.ts";
