import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";
import { type ParameterShape, parameterShapes, parseConfig, type TransformerConfig } from "../../src/model/config.ts";
import { Policy } from "../../src/model/policy.ts";
import { Transformer } from "../../src/model/transformer.ts";

// Reference: transformers in float32 (test/golden/families.py). The distance seen is below 1e-5; what a wrong
// setting does to these logits is tested below.
interface Golden {
  readonly ids: readonly number[];
  readonly cases: readonly {
    readonly name: string;
    readonly config: unknown;
    readonly last: readonly number[];
    readonly middle: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/families.json", import.meta.url), "utf8"));

/** The hash of families.py: uniform in [-0.4, 0.4), around 1 for norms. */
function valuesOf({ name, shape }: ParameterShape): Float32Array {
  const start = [...name].reduce((sum, letter, i) => sum + letter.charCodeAt(0) * (i + 1), 0);
  const centre = name.endsWith("norm.weight") ? 1 : 0;
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) {
    let x = (i + Math.imul(start, 65537)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    x ^= x >>> 16;
    values[i] = ((x >>> 8) / 2 ** 24) * 0.8 - 0.4 + centre;
  }
  return values;
}

const worst = (a: ArrayLike<number>, b: readonly number[]) => Math.max(...b.map((value, i) => Math.abs(a[i] - value)));

async function logitsOf(config: TransformerConfig): Promise<Float32Array> {
  const weights = new Map(parameterShapes(config).map((parameter) => [parameter.name, valuesOf(parameter)]));
  const device = await createWasmDevice();
  try {
    return await new Policy(Transformer.create(device, config, weights)).logits(golden.ids, { all: true });
  } finally {
    await device.close();
  }
}

describe("families", () => {
  it.each(golden.cases)("$name gives transformers' logits", async ({ config: json, last, middle }) => {
    const config = parseConfig(json);
    const logits = await logitsOf(config);
    const size = config.vocabularySize;
    expect(logits.length).toBe(40 * size);
    expect(worst(logits.subarray(39 * size), last)).toBeLessThan(1e-4);
    expect(worst(logits.subarray(19 * size), middle)).toBeLessThan(1e-4);
  });

  it("the tolerance tells a wrong window, rotary base or scaling, epsilon or head from the right one", async () => {
    for (const { name, config: json, last } of golden.cases) {
      const { ropeScaling, ...config } = parseConfig(json);
      const scaled = ropeScaling === undefined ? {} : { ropeScaling };
      const wrong: Record<string, TransformerConfig> = {
        base: { ...config, ...scaled, ropeTheta: config.ropeTheta * 1.1 },
        epsilon: { ...config, ...scaled, rmsNormEps: config.rmsNormEps * 1000 },
        head: { ...config, ...scaled, tiedEmbeddings: !config.tiedEmbeddings },
        window: { ...config, ...scaled, slidingWindow: (config.slidingWindow ?? 38) + 1 },
        ...(ropeScaling === undefined ? {} : { scaling: config }),
        ...(ropeScaling === undefined ? {} : { factor: { ...config, ropeScaling: { ...ropeScaling, factor: 4 } } }),
      };
      for (const [kind, changed] of Object.entries(wrong)) {
        const logits = await logitsOf(changed);
        expect(worst(logits.subarray(-config.vocabularySize), last), `${name}, ${kind}`).toBeGreaterThan(1e-3);
      }
    }
  });
});
