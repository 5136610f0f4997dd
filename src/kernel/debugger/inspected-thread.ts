import { Session } from "node:inspector";

type Json = Readonly<Record<string, unknown>>;

/**
 * Options of what is evaluated for the debugger itself. It must not stop: Node loses messages that come while a stop
 * begins inside the handling of another message.
 */
export const UNDISTURBED = { silent: true, disableBreaks: true } as const;

/** The thread that runs the cells, seen from another one; it answers also while it computes and while it is paused. */
export class InspectedThread {
  readonly #session = new Session();

  constructor() {
    this.#session.connectToMainThread();
  }

  /** Calls a method of V8's inspector, https://chromedevtools.github.io/devtools-protocol/v8/ */
  call<Result = Json>(method: string, parameters: Json = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error, result) => {
        if (error === null) resolve(result as Result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  on<Parameters>(event: string, listener: (parameters: Parameters) => void): void {
    this.#session.on(event, ({ params }: { params: Parameters }) => listener(params));
  }

  /** The JSON value of an expression. */
  async valueOf<Value>(expression: string): Promise<Value> {
    const { result } = await this.call<{ result: { value: Value } }>("Runtime.evaluate", {
      expression,
      returnByValue: true,
      ...UNDISTURBED,
    });
    return result.value;
  }
}
