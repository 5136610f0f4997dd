import { Shown } from "../core/shown.ts";
import type { Outcome } from "./exercise.ts";
import type { Language, Text } from "./text.ts";

const HEADS: Readonly<Record<Outcome["kind"], Text>> = {
  right: { en: "Right.", ko: "정답입니다." },
  unsolved: {
    en: "Not solved yet: put your own code in place of `todo()`.",
    ko: "아직 풀지 않았습니다. `todo()` 자리에 코드를 써 보세요.",
  },
  wrong: { en: "Not yet.", ko: "아직 아닙니다." },
};
const MARKS: Readonly<Record<Outcome["kind"], string>> = { right: "✓", unsolved: "○", wrong: "✗" };
const WHY: Text = { en: "Why:", ko: "이유:" };
const UNKNOWN: Text = {
  en: "This is none of the mistakes that the check knows; work the case above out by hand.",
  ko: "알려진 실수 가운데에는 없습니다. 위의 경우를 손으로 따라가 보세요.",
};

/** The outcome of a check in a language; `note` is a line below it. */
export function showOutcome(outcome: Outcome, language: Language, note: Text | null = null): Shown {
  const head = `${MARKS[outcome.kind]} **${HEADS[outcome.kind][language]}**`;
  const rest = outcome.kind === "unsolved" ? [] : [outcome.what[language]];
  const why = outcome.kind === "wrong" ? [whyOf(outcome.why, language)] : [];
  const markdown = [[head, ...rest].join(" "), ...why, ...(note === null ? [] : [note[language]])].join("\n\n");
  return new Shown({ "text/markdown": markdown, "text/plain": markdown.replaceAll(/\*\*|`/g, "") });
}

function whyOf(why: Text | null, language: Language): string {
  return why === null ? UNKNOWN[language] : `**${WHY[language]}** ${why[language]}`;
}
