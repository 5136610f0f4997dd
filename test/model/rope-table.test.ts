import { describe, expect, it } from "vitest";
import { ropeFrequencies, ropeTable } from "../../src/model/rope-table.ts";

const llama3 = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 };

/** Written from the text of the LLaMA 3.1 reference (apply_scaling), in wavelengths. */
function referenceLlama3(frequency: number): number {
  const wavelength = (2 * Math.PI) / frequency;
  const longest = llama3.originalMaxPositions / llama3.lowFreqFactor;
  const shortest = llama3.originalMaxPositions / llama3.highFreqFactor;
  if (wavelength < shortest) return frequency;
  if (wavelength > longest) return frequency / llama3.factor;
  const share =
    (llama3.originalMaxPositions / wavelength - llama3.lowFreqFactor) / (llama3.highFreqFactor - llama3.lowFreqFactor);
  return (1 - share) * (frequency / llama3.factor) + share * frequency;
}

describe("rotary table", () => {
  it("turns pair i by position times theta^(-2i / headSize)", () => {
    const table = ropeTable({ headSize: 12, ropeTheta: 1e6 }, 600);
    expect([table.positions, table.pairs, table.cos.length]).toEqual([600, 6, 3600]);
    for (const position of [0, 1, 7, 599]) {
      for (let pair = 0; pair < 6; pair++) {
        const angle = position * 1e6 ** (-pair / 6);
        expect(table.cos[position * 6 + pair]).toBeCloseTo(Math.cos(angle), 6);
        expect(table.sin[position * 6 + pair]).toBeCloseTo(Math.sin(angle), 6);
      }
    }
  });

  it("llama3 scaling equals an independent computation in all three ranges", () => {
    const config = { headSize: 128, ropeTheta: 500000 };
    const plain = ropeFrequencies(config);
    const scaled = ropeFrequencies({ ...config, ropeScaling: llama3 });
    const kinds = new Set<string>();
    for (const [pair, frequency] of plain.entries()) {
      expect(frequency / 500000 ** (-pair / 64)).toBeCloseTo(1, 13);
      expect(scaled[pair] / referenceLlama3(frequency)).toBeCloseTo(1, 13);
      const ratio = frequency / scaled[pair];
      kinds.add(ratio === 1 ? "kept" : ratio === 8 ? "stretched" : "mixed");
    }
    expect([...kinds]).toEqual(["kept", "mixed", "stretched"]);
  });

  it("llama3 scaling reaches the table", () => {
    const table = ropeTable({ headSize: 128, ropeTheta: 500000, ropeScaling: llama3 }, 3);
    const frequency = referenceLlama3(500000 ** (-50 / 64));
    expect(table.sin[2 * 64 + 50] / Math.sin(2 * frequency)).toBeCloseTo(1, 6);
  });
});
