import { describe, expect, test } from "vitest";
import { METHODS } from "../../src/rl/methods.ts";
import { DEFAULT_SETTINGS } from "../../src/rl/settings.ts";

/** Paths at which two settings differ. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      path ? `${path}.${key}` : key,
    ),
  );
}

describe("methods", () => {
  test("differ from the common settings only in what makes the method", () => {
    const changed = Object.fromEntries(
      Object.entries(METHODS).map(([name, settings]) => [name, differences(DEFAULT_SETTINGS, settings)]),
    );
    expect(changed).toEqual({
      grpo: [],
      ttrl: ["method", "reward"],
      intuitor: ["method", "reward"],
      cuma: ["method", "reward", "mask.minVotes", "data.set", "data.order"],
      random: ["method", "reward"],
      format: ["method", "reward"],
      wrong: ["method", "reward"],
      empo: ["method", "reward"],
      rent: ["method", "reward"],
      mixed: ["method", "reward"],
      soft: ["method", "reward"],
    });
  });

  test("are named after their key", () => {
    for (const [name, settings] of Object.entries(METHODS)) expect(settings.method).toBe(name);
  });

  test("keep the paper's setting where it speaks", () => {
    const { rollouts, optimizer, epochs, advantage, loss } = METHODS.cuma;
    expect(rollouts).toMatchObject({ samplesPerPrompt: 8, temperature: 0.6 });
    expect(optimizer.schedule).toBe("cosine");
    expect(epochs).toBe(1);
    expect(advantage).toEqual({ baseline: "group-mean", scale: "std", std: "unbiased", epsilon: 1e-6 });
    expect([loss.clipLow, loss.clipHigh]).toEqual([0.2, 0.2]);
  });
});
