import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDecided, rolloutsNeeded } from "../../src/rl/decided-vote.ts";
import { countVotes, majorityVote } from "../../src/rl/votes.ts";

const answer = fc.option(fc.constantFrom("", "1", "2", "3", "4"), { freq: 4 });
const answers = fc.array(answer, { maxLength: 10 });
const winner = (group: readonly (string | null)[]) => majorityVote(group, { tieRule: "first" }).majority;

describe("a decided vote", () => {
  test("keeps its winner in every completion", () => {
    fc.assert(
      fc.property(answers, fc.array(answer, { maxLength: 6 }), (prefix, rest) => {
        fc.pre(isDecided(countVotes(prefix), rest.length));
        expect(winner([...prefix, ...rest])).toBe(winner(prefix));
      }),
    );
  });

  test("is one that no completion with a single answer can change, and an open one is changed by one", () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 0, max: 8 }), (prefix, remaining) => {
        const changes = ["1", "2", "3", "4", "new"].some(
          (other) => winner([...prefix, ...Array<string>(remaining).fill(other)]) !== winner(prefix),
        );
        expect(isDecided(countVotes(prefix), remaining)).toBe(!changes);
      }),
    );
  });

  test.each([
    ["five of eight with three left", ["7", "7", "7", "7", "7"], 3, true],
    ["four with four left: an answer not seen yet would lose the tie", ["7", "7", "7", "7"], 4, true],
    ["three with four left", ["7", "7", "7"], 4, false],
    ["a leader seen second that can be caught up to a tie", ["8", "7", "7", "7"], 2, false],
    ["a leader seen first that can be caught up to a tie", ["7", "8", "7", "7"], 2, true],
    ["a tie with nothing left", ["7", "8"], 0, true],
    ["nobody voted, one left", [null, "", null], 1, false],
    ["nobody voted, nothing left", [null, ""], 0, true],
  ])("%s", (_, group, remaining, expected) => {
    expect(isDecided(countVotes(group), remaining)).toBe(expected);
  });
});

describe("rollouts needed", () => {
  test("the majority of those taken is the majority of all, for any chunk", () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 64 }), fc.integer({ min: 1, max: 70 }), (group, chunk) => {
        const taken = rolloutsNeeded(group, chunk);
        expect(winner(group.slice(0, taken))).toBe(winner(group));
        expect(taken === group.length || taken % chunk === 0).toBe(true);
        const before = Math.max(0, (Math.ceil(taken / chunk) - 1) * chunk);
        if (taken > 0) expect(isDecided(countVotes(group.slice(0, before)), group.length - before)).toBe(false);
      }),
    );
  });

  test("a coarser chunk that is a multiple never needs fewer, and at most a chunk more", () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 64 }), fc.integer({ min: 1, max: 8 }), (group, chunk) => {
        const [single, chunked] = [rolloutsNeeded(group, 1), rolloutsNeeded(group, chunk)];
        expect(chunked).toBe(Math.min(group.length, chunk * Math.ceil(single / chunk)));
      }),
    );
  });

  test("half of N is enough for a unanimous group, all of it for one without a vote", () => {
    expect(rolloutsNeeded(Array<string>(8).fill("7"), 1)).toBe(4);
    expect(rolloutsNeeded(Array<string>(64).fill("7"), 8)).toBe(32);
    expect(rolloutsNeeded(Array<null>(8).fill(null), 2)).toBe(8);
    expect(rolloutsNeeded([], 4)).toBe(0);
  });

  test("a chunk that takes nothing is refused", () => {
    expect(() => rolloutsNeeded(["7"], 0)).toThrow(/chunk of rollouts, got 0/);
    expect(() => rolloutsNeeded(["7"], 1.5)).toThrow(/chunk/);
  });
});
