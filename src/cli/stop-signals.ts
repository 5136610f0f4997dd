const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const INTERRUPTED = 130;

/**
 * Does work that can be stopped: the first SIGINT or SIGTERM aborts the signal, the second ends the process at once.
 * `onStop` tells the user what happens now.
 */
export async function withStopSignals<T>(
  onStop: (text: string) => void,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    onStop("stopping after the current step; once more to end at once");
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
