import { describe, expect, it } from "vitest";
import { toRunKey } from "../../src/runs/run-key.ts";
import { type Run, toRun } from "../../src/runs/spec.ts";

const INGREDIENTS = { base: "b", data: "d", kernels: "k", source: "s" };
const run = toRun({ method: "cuma" });
const keyOf = (changed: Run, ingredients = INGREDIENTS) => toRunKey(changed, ingredients).key;

/** Every place in a run that holds a value, with the run changed there. */
function* changedEverywhere(value: Run): Generator<[string, Run]> {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== "object" || member === null || Array.isArray(member)) {
      yield [name, { ...value, [name]: "changed" }];
      continue;
    }
    for (const inner of Object.keys(member))
      yield [`${name}.${inner}`, { ...value, [name]: { ...member, [inner]: "changed" } }];
  }
}

describe("the key of a run", () => {
  it.each(["base", "data", "kernels", "source"] as const)("changes with the hash of %s", (name) => {
    expect(keyOf(run, { ...INGREDIENTS, [name]: "other" })).not.toBe(keyOf(run));
  });

  it("changes with every setting but how often checkpoints are written", () => {
    const without = [...changedEverywhere(run)].filter(([, changed]) => keyOf(changed) === keyOf(run));
    expect(without.map(([place]) => place)).toEqual(["checkpointEverySteps"]);
    expect([...changedEverywhere(run)].length).toBeGreaterThan(40);
  });

  it("does not depend on the order of fields", () => {
    const backwards = Object.fromEntries(
      Object.entries(run)
        .reverse()
        .map(([name, value]) => [
          name,
          typeof value === "object" && !Array.isArray(value)
            ? Object.fromEntries(Object.entries(value).reverse())
            : value,
        ]),
    ) as unknown as Run;
    expect(Object.keys(backwards)).not.toEqual(Object.keys(run));
    expect(keyOf(backwards)).toBe(keyOf(run));
  });

  it("does not depend on the place of a checkpoint, only on its content", () => {
    const here = { ...run, base: { checkpoint: "here" } };
    const there = { ...run, base: { checkpoint: "there" } };
    expect(keyOf(here)).toBe(keyOf(there));
    expect(keyOf(here, { ...INGREDIENTS, base: "other" })).not.toBe(keyOf(there));
  });
});
