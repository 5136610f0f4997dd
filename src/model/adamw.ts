// AdamW (Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101) with global-norm clipping, as torch.optim.AdamW and
// clip_grad_norm_ compute them: one parameter group, so decay acts on norms and biases too.
import { LabelfreeError } from "../core/errors.ts";
import type { Tensor } from "../device/device.ts";
import type { Transformer } from "./transformer.ts";

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
}

export interface AdamWState {
  readonly step: number;
  readonly m: ReadonlyMap<string, Float32Array>;
  readonly v: ReadonlyMap<string, Float32Array>;
}

export class AdamW {
  readonly #transformer: Transformer;
  readonly #settings: AdamWSettings;
  readonly #first: Tensor;
  readonly #second: Tensor;
  #step = 0;

  constructor(transformer: Transformer, settings: AdamWSettings) {
    this.#transformer = transformer;
    this.#settings = settings;
    this.#first = transformer.device.tensor([transformer.layout.size]);
    this.#second = transformer.device.tensor([transformer.layout.size]);
  }

  /**
   * Scales the gradients to norm `clipNorm` at most (none if null), updates the weights and clears the gradients. A norm
   * that is not finite changes no weight: the caller sees it in the result and decides.
   */
  async step(
    learningRate: number,
    { clipNorm }: { readonly clipNorm: number | null },
  ): Promise<{ readonly gradNorm: number }> {
    const { device, flat, gradients } = this.#transformer;
    const gradNorm = Math.sqrt(await device.sumSquares(gradients.flat));
    if (!Number.isFinite(gradNorm)) {
      device.clear(gradients.flat);
      return { gradNorm };
    }
    const { beta1, beta2, eps, weightDecay } = this.#settings;
    this.#step++;
    device.adamW(flat, gradients.flat, this.#first, this.#second, {
      ...{ learningRate, beta1, beta2, epsilon: eps, weightDecay },
      gradientScale: clipNorm === null ? 1 : Math.min(1, clipNorm / (gradNorm + 1e-6)),
      beta1Power: integerPower(beta1, this.#step),
      beta2Power: integerPower(beta2, this.#step),
    });
    return { gradNorm };
  }

  async state(): Promise<AdamWState> {
    const { device } = this.#transformer;
    const m = this.#transformer.split(await device.readFloats(this.#first));
    return { step: this.#step, m, v: this.#transformer.split(await device.readFloats(this.#second)) };
  }

  restore({ step, m, v }: AdamWState): void {
    const { device, layout } = this.#transformer;
    for (const [moments, flat] of [[m, this.#first] as const, [v, this.#second] as const]) {
      for (const { name, shape, offset, size } of layout.places.values()) {
        const values = moments.get(name);
        if (values?.length !== size) {
          const got = `${values?.length ?? 0} values`;
          throw new LabelfreeError("optimizer/state", `optimizer state: ${name}, got ${got}, expected ${size}`);
        }
        device.write(flat.view(offset, shape), values);
      }
    }
    this.#step = step;
  }
}

/** base^exponent by repeated squaring: plain multiplications, so the same bits everywhere. */
function integerPower(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
