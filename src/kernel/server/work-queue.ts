export interface Job {
  run(): Promise<void>;
  /** Answers the request without running it; jobs that only run have none. */
  abort?(): void;
}

/** Runs the jobs of one shell in the order they came, one at a time. */
export class WorkQueue {
  readonly #limit: number;
  readonly #report: (error: unknown) => void;
  #waiting: Job[] = [];
  #isRunning = false;
  #roomWanted: (() => void)[] = [];

  constructor(report: (error: unknown) => void, limit = 10_000) {
    this.#report = report;
    this.#limit = limit;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  push(job: Job): void {
    this.#waiting.push(job);
    if (!this.#isRunning) void this.#run();
  }

  /** Takes out every waiting job that can be aborted, and aborts it. */
  abortWaiting(): void {
    const jobs = this.#waiting;
    this.#waiting = jobs.filter((job) => job.abort === undefined);
    for (const job of jobs) job.abort?.();
    this.#announceRoom();
  }

  /** Resolves when fewer jobs wait than the limit: who brings more waits for that, so a flood stays with its sender. */
  async room(): Promise<void> {
    while (this.#waiting.length >= this.#limit) {
      await new Promise<void>((resolve) => this.#roomWanted.push(resolve));
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      this.#announceRoom();
      try {
        await job.run();
      } catch (error) {
        this.#report(error);
      }
    }
    this.#isRunning = false;
  }

  #announceRoom(): void {
    if (this.#waiting.length >= this.#limit) return;
    const wanted = this.#roomWanted;
    this.#roomWanted = [];
    for (const resolve of wanted) resolve();
  }
}
