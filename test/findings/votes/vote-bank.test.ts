import { expect, test } from "vitest";
import { bankKey, sampleBank } from "../../../src/findings/votes/vote-bank.ts";

const REQUEST = { tier: "xs", baseSeed: 1, problems: 3, samples: 8, seed: 1 };

test("a bank is the same whenever it is sampled, and its key tells what it depends on", async () => {
  const bank = await sampleBank(REQUEST);
  expect(await sampleBank(REQUEST)).toEqual(bank);
  expect(bank.key).toBe(bankKey(REQUEST));
  expect(bank.entries).toHaveLength(3);
  for (const { answer, answers } of bank.entries) {
    expect(answers).toHaveLength(8);
    for (const given of [answer, ...answers]) if (given !== null) expect(given).toMatch(/^\d\d$/);
  }
  const keys = [REQUEST, { ...REQUEST, seed: 2 }, { ...REQUEST, samples: 4 }, { ...REQUEST, tier: "l" }].map(bankKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test("another seed gives other answers to the same problems", async () => {
  const [first, second] = [await sampleBank(REQUEST), await sampleBank({ ...REQUEST, seed: 2 })];
  expect(second.entries.map(({ answer }) => answer)).toEqual(first.entries.map(({ answer }) => answer));
  expect(second.entries.map(({ answers }) => answers)).not.toEqual(first.entries.map(({ answers }) => answers));
});

test("a base that there is not is an error", () => {
  expect(() => bankKey({ ...REQUEST, baseSeed: 99 })).toThrow(/no checkpoint of tier xs with seed 99/);
});
