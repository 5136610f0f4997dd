/** What a ZeroMQ socket can do here: it refuses a second send while one is under way. */
export interface Sender {
  send(frames: Uint8Array[]): Promise<void>;
}

/** Sends messages one after the other in the order they came; a failed one is reported and the next goes on. */
export class SendQueue {
  readonly #socket: Sender;
  readonly #report: (error: unknown) => void;
  #waiting: Uint8Array[][] = [];
  #pump: Promise<void> | undefined;

  constructor(socket: Sender, report: (error: unknown) => void) {
    this.#socket = socket;
    this.#report = report;
  }

  push(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
    this.#pump ??= this.#run();
  }

  /** Resolves once everything that was pushed has been handed to ZeroMQ. */
  async drained(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch (error) {
          this.#report(error);
        }
      }
    }
    this.#pump = undefined;
  }
}
