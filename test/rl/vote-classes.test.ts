import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { majorityRewards } from "../../src/rl/rewards.ts";
import { votingAnswers } from "../../src/rl/vote-classes.ts";
import { majorityVote } from "../../src/rl/votes.ts";
import { answerClass } from "../../src/tasks/answers/answer-class.ts";
import { goldenVotes } from "./golden.ts";

const byClass = (answers: readonly (string | null)[]) =>
  votingAnswers(answers, { equivalence: "class" }, { answerClass });
const answers = fc.array(fc.option(fc.constantFrom("", " ", "0.5", "1/2", ".5", "2", "2.0", "x")), { maxLength: 64 });

describe("votes over classes", () => {
  test("forms of one number win together, under the form first seen", () => {
    const group = ["3", "0.5", "3", "1/2", "\\frac12", "3", null, ".50"];
    expect(majorityVote(group, { tieRule: "first" })).toMatchObject({ majority: "3", count: 3 });
    const voting = byClass(group);
    const vote = majorityVote(voting, { tieRule: "first" });
    expect(vote).toMatchObject({ majority: "0.5", count: 4, share: 0.5, tied: false });
    expect(majorityRewards(voting, vote.majority)).toEqual([0, 1, 0, 1, 1, 0, 0, 1]);
  });

  test("strings, and the answers of a task without classes, vote as they are", () => {
    fc.assert(
      fc.property(answers, (group) => {
        expect(votingAnswers(group, { equivalence: "string" }, { answerClass })).toEqual(group);
        expect(votingAnswers(group, { equivalence: "class" }, {})).toEqual(group);
      }),
    );
  });

  test("two answers become equal exactly when their classes are, and each is an answer of the group", () => {
    fc.assert(
      fc.property(answers, (group) => {
        const voting = byClass(group);
        for (const [a, first] of group.entries()) {
          expect(group).toContain(voting[a]);
          for (const [b, second] of group.entries()) {
            if (first?.trim() && second?.trim()) {
              expect(voting[a] === voting[b]).toBe(answerClass(first) === answerClass(second));
            }
          }
        }
      }),
    );
  });

  test("what does not vote still does not vote, and a leader never loses votes", () => {
    fc.assert(
      fc.property(answers, (group) => {
        const [strings, classes] = [group, byClass(group)].map((voting) => majorityVote(voting, { tieRule: "first" }));
        expect(classes.parsable).toBe(strings.parsable);
        expect(classes.count).toBeGreaterThanOrEqual(strings.count);
      }),
    );
  });
});

describe.skipIf(goldenVotes === undefined)("golden votes by class (absent: golden/votes.json)", () => {
  const golden = new Map(goldenVotes?.cases.map(({ name, answers }) => [name, answers]));

  test("the half that strings split four ways has seven of eight votes", () => {
    const group = golden.get("no normalisation: different strings are different answers") ?? [];
    expect(majorityVote(byClass(group), { tieRule: "first" })).toMatchObject({ majority: "0.5", count: 7 });
  });

  test("groups whose answers have one form each vote as before", () => {
    const split = /no normalisation|case and inner space/;
    for (const { name, answers } of goldenVotes?.cases.filter(({ name }) => !split.test(name)) ?? []) {
      expect(byClass(answers), name).toEqual(answers);
    }
  });
});
