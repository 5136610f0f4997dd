import type { PretrainTierOptions, TierOutcome, TierProgress } from "./pretrain-tier.ts";
import type { TierRequest } from "./tier-key.ts";
import type { WorkerError } from "./worker-messages.ts";

/** The options that pass between processes. */
export type PlainPretrainOptions = Omit<PretrainTierOptions, "onProgress" | "onNotice" | "signal">;

/** What a pre-training worker is told: the one tier that it is for, then perhaps to stop. */
export type ToPretrainWorker =
  | { readonly kind: "pretrain"; readonly request: TierRequest; readonly options: PlainPretrainOptions }
  | { readonly kind: "stop" };

/** What it tells its parent. */
export type FromPretrainWorker =
  | { readonly kind: "progress"; readonly progress: TierProgress }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "done"; readonly outcome: TierOutcome }
  | { readonly kind: "failed"; readonly error: WorkerError };
