import { type Check, type Outcome, SECTIONS } from "./check.ts";
import type { Review } from "./review.ts";

/** The outcome as a sentence. */
export function outcomeOf({ ok, counts }: Pick<Review, "ok" | "counts">): string {
  const { passed, failed, "not checked": left } = counts;
  const made = passed + failed;
  const rest = left === 0 ? "" : `; ${left} could not be checked`;
  if (ok) return `All ${made} checks passed${rest}`;
  return `${failed} of ${made} checks failed${rest}`;
}

/** A review for a terminal: what failed with both values, then a line a section, then the outcome. */
export function reviewText({ checks, ...review }: Review): string {
  const failures = checks.filter(({ verdict }) => verdict === "failed").flatMap(describeFailure);
  const sections = SECTIONS.flatMap((section) => {
    const own = checks.filter((check) => check.section === section);
    return own.length === 0 ? [] : [`${section.padEnd(17)} ${countOutcomes(own)}`];
  });
  return [...failures, ...sections, outcomeOf(review)].join("\n");
}

/** "12 passed, 1 failed" */
export function countOutcomes(checks: readonly Check[]): string {
  const kinds: readonly Outcome[] = ["passed", "failed", "not checked"];
  const counts = kinds.map((kind) => ({ kind, count: checks.filter(({ verdict }) => verdict === kind).length }));
  const present = counts.filter(({ count }) => count > 0);
  return present.length === 0 ? "nothing to check" : present.map(({ kind, count }) => `${count} ${kind}`).join(", ");
}

function describeFailure({ section, what, expected, found, why }: Check): string[] {
  return [
    `FAILED ${section}: ${what}`,
    `  expected  ${expected ?? ""}`,
    `  found     ${found ?? ""}`,
    ...(why === null ? [] : [`  ${why}`]),
  ];
}
