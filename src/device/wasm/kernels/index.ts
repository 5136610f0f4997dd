// What the host sees: run an operation on this thread alone or on all, and a worker thread's loop.
import { attention, attentionBackward } from "./attention";
import { close, isLeft, join, leave, NEXT_UNIT, OPERATION, open } from "./control";
import { biasGradient, matmul, matmulWeightGradient, packPanels } from "./matmul";
import { adamW, moveAverage, sumSquares } from "./optimizer";
import {
  clear,
  copy,
  gather,
  rmsNorm,
  rmsNormBackward,
  rmsNormWeightGradient,
  rope,
  scatterAdd,
  swiGlu,
  swiGluBackward,
} from "./rows";
import { logpBackward, sample, scoreTargets } from "./vocabulary";

// The numbers are those of OPERATIONS in ../operations.ts.
function execute(operation: i32): void {
  switch (operation) {
    case 0:
      return matmul();
    case 1:
      return packPanels();
    case 2:
      return matmulWeightGradient();
    case 3:
      return biasGradient();
    case 4:
      return gather();
    case 5:
      return scatterAdd();
    case 6:
      return rmsNorm();
    case 7:
      return rmsNormBackward();
    case 8:
      return rmsNormWeightGradient();
    case 9:
      return rope();
    case 10:
      return swiGlu();
    case 11:
      return swiGluBackward();
    case 12:
      return copy();
    case 13:
      return clear();
    case 14:
      return attention();
    case 15:
      return attentionBackward();
    case 16:
      return scoreTargets();
    case 17:
      return logpBackward();
    case 18:
      return sample();
    case 19:
      return sumSquares();
    case 20:
      return adamW();
    case 21:
      return moveAverage();
  }
}

export { isLeft, leave, seenEpoch, setThread } from "./control";

/**
 * Runs the operation whose arguments lie in the control block, on all threads if `shared`. False: some workers are not
 * done yet; ask isLeft again.
 */
export function run(operation: i32, shared: bool): bool {
  atomic.store<i32>(NEXT_UNIT, 0);
  if (!shared) {
    execute(operation);
    return true;
  }
  store<i32>(OPERATION, operation);
  open();
  execute(operation);
  close();
  return isLeft();
}

/** A worker takes part in operations until none has come for a while. */
export function work(): void {
  while (join()) {
    execute(load<i32>(OPERATION));
    leave();
  }
}
