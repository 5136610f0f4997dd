import { describe, expect, test } from "vitest";
import { movedGroups, placePrompts, targetsOf } from "../../src/model/placement.ts";

// rows 0-2 and 3 are prompts; the responses' rows come step by step, as generating makes them
const prompts = [[10, 11, 12], [13]];
const responses = [
  { prompt: 0, tokens: [20, 21, 22] },
  { prompt: 1, tokens: [23, 24] },
  { prompt: 1, tokens: [] },
  { prompt: 1, tokens: [25] },
];
const batch = { prompts, responses };
const placement = { ...placePrompts(prompts), responses: [[4, 6], [5], [], []], rows: 7 };

describe("the placement of rows", () => {
  test("puts prompts end to end", () => {
    expect(placePrompts(prompts)).toEqual({ prompts: [[0, 1, 2], [3]], responses: [], rows: 4 });
  });

  test("finds the row before each response token: the prompt's last, then the response's own", () => {
    expect(targetsOf(batch, placement)).toEqual({ rows: [2, 4, 6, 3, 5, 3], ids: [20, 21, 22, 23, 24, 25] });
  });

  test("groups every row with the prompt that it continues, once, where a token has a gradient", () => {
    expect(movedGroups(batch, placement, [1, 1, 1, 1, 1, 1])).toEqual([
      [0, 1, 2, 4, 6],
      [3, 5],
    ]);
    expect(movedGroups(batch, placement, [0, 0, 0, 0, 0, -1])).toEqual([[3, 5]]);
    expect(movedGroups(batch, placement, [0, 0, 1, 0, 0, 0])).toEqual([[0, 1, 2, 4, 6]]);
    expect(movedGroups(batch, placement, [0, 0, 0, 0, 0, 0])).toEqual([]);
  });
});
