/** What a worker is told: the one task that it is for, then perhaps to stop. */
export type ToWorker<Task> = { readonly kind: "task"; readonly task: Task } | { readonly kind: "stop" };

/** What it tells its parent. */
export type FromWorker<Progress, Result> =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "notice"; readonly text: string }
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** How work in another process reports and is stopped. */
export interface WorkHooks<Progress> {
  readonly onProgress?: (progress: Progress) => void;
  readonly onNotice?: (text: string) => void;
  /** Stops after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
}
