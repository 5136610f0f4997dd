// The weights of a decoder-only transformer on a device: Qwen2, LLaMA and Mistral differ by configuration alone.
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes, hashJson } from "../core/hash.ts";
import type { Device, RotaryTable, Tensor } from "../device/device.ts";
import type { TransformerConfig } from "./config.ts";
import { type ParameterLayout, type Parameters, parameterLayout, parameterViews } from "./parameters.ts";
import { ropeTable } from "./rope-table.ts";

export class Transformer {
  readonly config: TransformerConfig;
  readonly device: Device;
  readonly layout: ParameterLayout;
  /** All weights, flat. */
  readonly flat: Tensor;
  readonly weights: Parameters;
  #gradients: { readonly flat: Tensor; readonly views: Parameters } | undefined;
  #rotary: { readonly positions: number; readonly table: RotaryTable } | undefined;

  private constructor(device: Device, config: TransformerConfig) {
    this.device = device;
    this.config = config;
    this.layout = parameterLayout(config);
    this.flat = device.tensor([this.layout.size]);
    this.weights = parameterViews(this.flat, config, this.layout);
  }

  /** Puts weights, by Hugging Face name, on a device. Throws "model/weights" for a missing or misshaped one. */
  static create(device: Device, config: TransformerConfig, weights: ReadonlyMap<string, Float32Array>): Transformer {
    const transformer = new Transformer(device, config);
    transformer.writeWeights(weights);
    return transformer;
  }

  /** Replaces all weights. */
  writeWeights(weights: ReadonlyMap<string, Float32Array>): void {
    for (const { name, shape, offset, size } of this.layout.places.values()) {
      const values = weights.get(name);
      if (values?.length !== size) {
        const got = values ? `${values.length} values` : "nothing";
        throw new LabelfreeError("model/weights", `model: ${name}, got ${got}, expected ${size} values [${shape}]`);
      }
      this.device.write(this.flat.view(offset, shape), values);
    }
  }

  async readWeights(): Promise<Map<string, Float32Array>> {
    return this.split(await this.device.readFloats(this.flat));
  }

  /** SHA-256 over every parameter's name, shape and float32 bits. */
  async weightsHash(): Promise<string> {
    const weights = await this.readWeights();
    return hashJson(
      [...this.layout.places.values()].map(({ name, shape }) => {
        const values = weights.get(name) as Float32Array;
        return [name, shape, hashBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))];
      }),
    );
  }

  /** A flat array of parameters (weights, gradients or moments) by name. */
  split(flat: Float32Array): Map<string, Float32Array> {
    return new Map(
      [...this.layout.places.values()].map(({ name, offset, size }) => [name, flat.slice(offset, offset + size)]),
    );
  }

  /** The gradients, made at first use. */
  get gradients(): { readonly flat: Tensor; readonly views: Parameters } {
    if (!this.#gradients) {
      const flat = this.device.tensor([this.layout.size]);
      this.#gradients = { flat, views: parameterViews(flat, this.config, this.layout) };
    }
    return this.#gradients;
  }

  /** cos and sin for positions 0 to `positions` - 1 at least. */
  rotary(positions: number): RotaryTable {
    if (!this.#rotary || this.#rotary.positions < positions) {
      if (positions > this.config.maxPositions) {
        const limit = this.config.maxPositions;
        throw new LabelfreeError("model/too-long", `model: ${positions} positions, expected at most ${limit}`);
      }
      if (this.#rotary) for (const tensor of Object.values(this.#rotary.table)) this.device.release(tensor);
      const count = Math.min(this.config.maxPositions, Math.max(64, 2 * positions));
      const values = ropeTable(this.config, count);
      const table = {
        cosines: this.device.tensor([count, values.pairs]),
        sines: this.device.tensor([count, values.pairs]),
      };
      this.device.write(table.cosines, values.cos);
      this.device.write(table.sines, values.sin);
      this.#rotary = { positions: count, table };
    }
    return this.#rotary.table;
  }
}
