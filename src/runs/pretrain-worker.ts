// The process that pre-trains one tier (see pretrain-tiers.ts).

import { type PretrainTierOptions, pretrainTier, type TierOutcome, type TierProgress } from "./pretrain-tier.ts";
import { serveWorker } from "./serve-worker.ts";
import type { TierRequest } from "./tier-key.ts";
import type { WorkHooks } from "./worker-messages.ts";

export interface TierTask {
  readonly request: TierRequest;
  readonly options: Omit<PretrainTierOptions, keyof WorkHooks<TierProgress>>;
}

serveWorker<TierTask, TierProgress, TierOutcome>(({ request, options }, hooks) =>
  pretrainTier(request, { ...options, ...hooks }),
);
