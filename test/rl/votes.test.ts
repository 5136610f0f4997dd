import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { groupAdvantages } from "../../src/rl/advantages.ts";
import { isMasked } from "../../src/rl/mask.ts";
import { METHODS } from "../../src/rl/methods.ts";
import { majorityRewards } from "../../src/rl/rewards.ts";
import { majorityVote } from "../../src/rl/votes.ts";
import { distance, goldenVotes } from "./golden.ts";

const answers = fc.array(fc.option(fc.constantFrom("", " ", "1", "2", "3", "4")), { minLength: 1, maxLength: 12 });

describe.skipIf(goldenVotes === undefined)("golden votes (absent: golden/votes.json)", () => {
  for (const golden of goldenVotes?.cases ?? []) {
    test(golden.name, () => {
      const vote = majorityVote(golden.answers, { tieRule: "first" });
      expect(vote).toEqual({
        majority: golden.majority,
        count: golden.majority_count,
        share: golden.majority_ratio,
        parsable: golden.parsable_count,
        leaders:
          golden.tied_winners.length > 0 ? golden.tied_winners : golden.majority === null ? [] : [golden.majority],
        tied: golden.tied_winners.length > 0,
      });
      const rewards = majorityRewards(golden.answers, vote.majority);
      expect(rewards).toEqual(golden.ttrl_rewards);
      const masked = isMasked(vote, METHODS.cuma.mask);
      expect(masked).toBe(!golden.cuma_keep);

      const settings = METHODS.cuma.advantage;
      const variants = {
        "std_unbiased_eps1e-6": settings,
        "std_population_eps1e-6": { ...settings, std: "population" },
        no_std: { ...settings, scale: "none" },
        "std_unbiased_eps1e-4": { ...settings, epsilon: 1e-4 },
      } as const;
      for (const [name, variant] of Object.entries(variants)) {
        const advantages = groupAdvantages(rewards, variant);
        expect(distance(advantages, golden.ttrl_advantages[name])).toBeLessThan(1e-12);
        const kept = masked ? rewards.map(() => 0) : advantages;
        expect(distance(kept, golden.cuma_advantages[name])).toBeLessThan(1e-12);
      }
    });
  }
});

describe("majority vote", () => {
  test("null, empty and blank answers never vote, though they count in the share", () => {
    const vote = majorityVote([null, "", "  ", "\n", "7"], { tieRule: "first" });
    expect(vote).toMatchObject({ majority: "7", count: 1, share: 0.2, parsable: 1 });
  });

  test('at a tie the rule "none" names no majority but keeps the count', () => {
    const tie = ["5", "8", "8", "5"];
    expect(majorityVote(tie, { tieRule: "none" })).toMatchObject({ majority: null, count: 2, tied: true });
    expect(majorityVote([...tie, "8"], { tieRule: "none" })).toMatchObject({ majority: "8", count: 3, tied: false });
    expect(majorityRewards(tie, null)).toEqual([0, 0, 0, 0]);
  });

  test('at a tie the rule "random" gives each leader its share, and needs a generator', () => {
    const random = Random.fromSeed(1);
    const tie = ["5", "8", "9", "8", "5"];
    const winners = Array.from({ length: 400 }, () => majorityVote(tie, { tieRule: "random", random }).majority);
    expect(new Set(winners)).toEqual(new Set(["5", "8"]));
    const fives = winners.filter((winner) => winner === "5").length;
    expect(fives).toBeGreaterThan(150);
    expect(fives).toBeLessThan(250);
    expect(() => majorityVote(tie, { tieRule: "random" })).toThrow(/random/);
  });

  test("the generator is drawn from only at a tie", () => {
    const random = Random.fromSeed(1);
    const before = random.state();
    majorityVote(["5", "5", "8", null], { tieRule: "random", random });
    expect(random.state()).toEqual(before);
  });

  test("counts and leaders do not depend on the order of rollouts", () => {
    fc.assert(
      fc.property(answers, fc.integer(), (group, seed) => {
        const vote = majorityVote(group, { tieRule: "none" });
        const permuted = majorityVote(Random.fromSeed(seed).shuffle(group), { tieRule: "none" });
        expect({ ...permuted, leaders: [...permuted.leaders].sort() }).toEqual({
          ...vote,
          leaders: [...vote.leaders].sort(),
        });
      }),
    );
  });

  test("the number of rewarded rollouts is the winner's count", () => {
    fc.assert(
      fc.property(answers, (group) => {
        const { majority, count } = majorityVote(group, { tieRule: "first" });
        const rewarded = majorityRewards(group, majority).filter((reward) => reward === 1);
        expect(rewarded.length).toBe(count);
      }),
    );
  });
});

test("a vote over 64 answers takes far less than a millisecond", () => {
  const random = Random.fromSeed(1);
  const groups = Array.from({ length: 5000 }, () => Array.from({ length: 64 }, () => String(random.integer(64))));
  const start = performance.now();
  for (const group of groups) majorityVote(group, { tieRule: "first" });
  expect(performance.now() - start).toBeLessThan(5000 * 0.5);
});

describe("mask", () => {
  const strong = majorityVote(["1", "1", "1", "2"], { tieRule: "first" });
  const weak = majorityVote(["1", "2", "3", null], { tieRule: "first" });

  test("without a rule every group is kept", () => {
    expect(isMasked(weak, METHODS.ttrl.mask)).toBe(false);
    expect(isMasked(majorityVote([null, ""], { tieRule: "first" }), METHODS.ttrl.mask)).toBe(false);
  });

  test("a group exactly at the smallest count or share is kept", () => {
    expect(isMasked(strong, { minVotes: 3, minShare: null, scope: "advantage" })).toBe(false);
    expect(isMasked(strong, { minVotes: 4, minShare: null, scope: "advantage" })).toBe(true);
    expect(isMasked(strong, { minVotes: null, minShare: 0.75, scope: "advantage" })).toBe(false);
    expect(isMasked(strong, { minVotes: null, minShare: 0.76, scope: "advantage" })).toBe(true);
    expect(isMasked(weak, { minVotes: 1, minShare: 0.3, scope: "advantage" })).toBe(true);
  });

  test("with 4 to 64 rollouts a group is kept by its count of votes, or by its share of all rollouts", () => {
    for (let rollouts = 4; rollouts <= 64; rollouts += 1) {
      for (let count = 1; count <= rollouts; count += 1) {
        const others = Array.from({ length: rollouts - count }, (_, index) =>
          index % 3 === 0 ? null : `other ${index}`,
        );
        const vote = majorityVote([...others, ...Array<string>(count).fill("7")], { tieRule: "first" });
        expect(isMasked(vote, { minVotes: 3, minShare: null, scope: "advantage" })).toBe(count < 3);
        expect(isMasked(vote, { minVotes: null, minShare: 0.5, scope: "advantage" })).toBe(2 * count < rollouts);
        const both = { minVotes: 3, minShare: 0.5, scope: "advantage" } as const;
        expect(isMasked(vote, both)).toBe(count < 3 || 2 * count < rollouts);
      }
    }
  });
});
