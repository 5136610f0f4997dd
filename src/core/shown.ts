/** The method that Jupyter kernels for JavaScript ask an object for, as Deno has it. */
const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** Content by MIME type. */
export type ShownBundle = Readonly<Record<string, unknown>> & { readonly "text/plain": string };

/** A value that a notebook shows in its own way; elsewhere it prints as its text. */
export class Shown {
  readonly #bundle: ShownBundle;

  constructor(bundle: ShownBundle) {
    this.#bundle = bundle;
  }

  [JUPYTER_DISPLAY](): ShownBundle {
    return this.#bundle;
  }

  toString(): string {
    return this.#bundle["text/plain"];
  }
}
