// Lesson 5: CuMa's data: generated problems where a level has too few, and the levels from easiest to hardest.

import { type Exercise, functionExercise } from "../exercise.ts";

type Levels = readonly number[];

const topUp = functionExercise<[readonly number[], number], number[]>({
  name: "topUp",
  gap: `function topUp(natural: readonly number[], perLevel: number): number[] {
  return todo();
}
check("topUp", topUp)`,
  solution: `function topUp(natural: readonly number[], perLevel: number): number[] {
  return natural.map((count) => Math.max(0, perLevel - count));
}
check("topUp", topUp)`,
  cases: [
    [[86, 180, 210, 256, 268], 200],
    [[0, 50], 50],
  ],
  right: (natural, perLevel) => natural.map((count) => Math.max(0, perLevel - count)),
  mistakes: [
    {
      name: "negative",
      why: {
        en: "A level that has enough needs 0 generated problems, not a negative number of them.",
        ko: "문제가 이미 충분한 레벨에 필요한 생성 문제 수는 음수가 아니라 0입니다.",
      },
      answer: (natural, perLevel) => natural.map((count) => perLevel - count),
    },
    {
      name: "sizes",
      why: {
        en: "You give the size of each level once it is filled; the number of generated problems is asked for.",
        ko: "채운 뒤의 레벨별 문제 수를 돌려주었습니다. 물음은 생성해야 할 문제의 수입니다.",
      },
      answer: (natural, perLevel) => natural.map((count) => Math.max(count, perLevel)),
    },
    {
      name: "all-generated",
      why: {
        en: "You generate every level whole; natural problems go first, generated ones only fill up.",
        ko: "모든 레벨을 통째로 생성했습니다. 원래 문제를 먼저 쓰고, 생성한 문제로는 모자란 만큼만 채웁니다.",
      },
      answer: (natural, perLevel) => natural.map(() => perLevel),
    },
    {
      name: "surplus",
      why: {
        en: "You count what a level has too many; the question is what it has too few.",
        ko: "남는 문제의 수를 세었습니다. 물음은 모자란 문제의 수입니다.",
      },
      answer: (natural, perLevel) => natural.map((count) => Math.max(0, count - perLevel)),
    },
  ],
});

const cut = <Item>(items: readonly Item[], size: number, keepsRest = false): Item[][] => {
  const starts = Array.from({ length: Math[keepsRest ? "ceil" : "floor"](items.length / size) }, (_, i) => i * size);
  return starts.map((start) => items.slice(start, start + size));
};
const inFileOrder = (levels: Levels) => levels.map((_, index) => index);
const easiestFirst = (levels: Levels) => inFileOrder(levels).sort((a, b) => levels[a] - levels[b]);

const batches = functionExercise<[Levels, number], number[][]>({
  name: "batches",
  gap: `function batches(levels: readonly number[], size: number): number[][] {
  const order = levels.map((_, index) => index);
  return todo();
}
check("batches", batches)`,
  solution: `function batches(levels: readonly number[], size: number): number[][] {
  const order = levels.map((_, index) => index);
  order.sort((a, b) => levels[a] - levels[b]); // stable: problems of one level keep their order
  const whole = Math.floor(order.length / size);
  return Array.from({ length: whole }, (_, batch) => order.slice(batch * size, (batch + 1) * size));
}
check("batches", batches)`,
  cases: [
    [[3, 1, 2, 1, 5, 2], 2],
    [[5, 4, 3, 2, 1, 1, 2], 3],
    [[2, 1, 1, 1, 2, 2], 2],
  ],
  right: (levels, size) => cut(easiestFirst(levels), size),
  mistakes: [
    {
      name: "file-order",
      why: {
        en: "You kept the problems as they came; a curriculum sorts them by level first.",
        ko: "문제를 주어진 순서 그대로 두었습니다. 커리큘럼(curriculum)은 먼저 레벨 순으로 정렬합니다.",
      },
      answer: (levels, size) => cut(inFileOrder(levels), size),
    },
    {
      name: "hardest-first",
      why: {
        en: "You start with the hardest problems. On them a weak policy's majority is wrong most of the time, and that is what it would learn first.",
        ko: "가장 어려운 문제부터 시작했습니다. 어려운 문제에서는 약한 정책의 다수 답이 대부분 틀리므로, 틀린 답부터 배우게 됩니다.",
      },
      answer: (levels, size) =>
        cut(
          inFileOrder(levels).sort((a, b) => levels[b] - levels[a]),
          size,
        ),
    },
    {
      name: "keeps-rest",
      why: {
        en: "You keep a last batch that is not full; it is dropped, so that all steps weigh the same.",
        ko: "다 차지 않은 마지막 배치(batch)를 남겼습니다. 모든 스텝의 무게가 같도록 그런 배치는 버립니다.",
      },
      answer: (levels, size) => cut(easiestFirst(levels), size, true),
    },
    {
      name: "levels-apart",
      why: {
        en: "You cut each level into batches by itself, and lose what is left of each. Batches cross from one level to the next.",
        ko: "레벨마다 따로 배치를 나누어 레벨별 나머지를 잃었습니다. 배치는 한 레벨에서 다음 레벨로 이어집니다.",
      },
      answer: (levels, size) =>
        [...new Set(levels)]
          .sort((a, b) => a - b)
          .flatMap((level) =>
            cut(
              inFileOrder(levels).filter((index) => levels[index] === level),
              size,
            ),
          ),
    },
    {
      name: "levels-themselves",
      why: {
        en: "You give back the levels; the trainer needs to know which problems, by their index.",
        ko: "레벨 값을 돌려주었습니다. 트레이너(trainer)가 알아야 하는 것은 어떤 문제인지, 곧 문제의 인덱스입니다.",
      },
      answer: (levels, size) =>
        cut(
          easiestFirst(levels).map((index) => levels[index]),
          size,
        ),
    },
  ],
});

export const CURRICULUM: readonly Exercise[] = [topUp, batches];
