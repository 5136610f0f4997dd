import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding, shownComparison } from "../arms/arms-finding.ts";
import type { ArmsAnalysis } from "../arms/arms-analysis.ts";
import { changeTable } from "../arms/arms-table.ts";
import { inPoints } from "../points.ts";
import { HELD_OUT_ACCURACY } from "../run-record.ts";
import { wrapWords } from "../text-table.ts";
import { CHECKED, FLAT, SCARCE, UNCHECKED } from "./comparisons.ts";
import { LENGTH, REFLECTION } from "./measures.ts";
import { WORLDS_COMPARISONS, worldsSweep } from "./sweep.ts";

const NO_BREAK = "\u00a0";

export const worlds = armsFinding({
  name: "worlds",
  title: "worlds with few easy problems, with flat guesses and with checked work (beyond the paper)",
  comparisons: WORLDS_COMPARISONS,
  sweep: worldsSweep,
  columns: [HELD_OUT_ACCURACY, LENGTH, REFLECTION],
  claims: ["claim-22", "claim-23", "claim-24"],
  figures: (analysis, scale) => {
    const ends = (name: string, title: string, caption: readonly string[]) => {
      const comparison = shownComparison(analysis, name);
      if (comparison === null) return {};
      return { [`worlds-${name}`]: endsFigure(analysis, { title, caption, scale, comparisons: [comparison] }) };
    };
    const checked = [CHECKED, UNCHECKED].flatMap(({ name }) => shownComparison(analysis, name) ?? []);
    return {
      ...ends(SCARCE.name, SCARCE.title, [
        "Held-out accuracy after training where 2, 8, 20, 33 and 37 % of the natural set are of levels 1 to 5 (few easy),",
        "and where levels are as usual.",
      ]),
      ...ends(FLAT.name, FLAT.title, [
        "Held-out accuracy after training from bases with flat popular guesses.",
        maskedText(analysis),
      ]),
      ...(checked.length === 0
        ? {}
        : {
            "worlds-length": endsFigure(analysis, {
              title: "Length after training, from bases that may check their work and from others",
              caption: ["Tokens of a held-out response, with the stop token."],
              scale,
              comparisons: checked,
              measure: { column: LENGTH, xTitle: "tokens", isAccuracy: false },
            }),
            "worlds-checked": endsFigure(analysis, {
              title: "Accuracy from bases that may check their work and from others",
              caption: ["Held-out accuracy after training."],
              scale,
              comparisons: checked,
            }),
            ...(analysis.means.some(({ column }) => column === REFLECTION)
              ? {
                  "worlds-reflection": endsFigure(analysis, {
                    title: "Who checks their work after training",
                    caption: ["Share of held-out responses with a step that goes back over an earlier one."],
                    scale,
                    comparisons: checked,
                    measure: { column: REFLECTION, xTitle: "share of responses", isAccuracy: false },
                  }),
                }
              : {}),
          }),
    };
  },
  moreNumbers: (analysis, _scale, width) => {
    const checked = [CHECKED, UNCHECKED].flatMap(({ name }) => shownComparison(analysis, name) ?? []);
    return [
      ...(shownComparison(analysis, FLAT.name) === null ? [] : [wrapWords(maskedText(analysis), width).join("\n")]),
      ...(checked.length === 0
        ? []
        : [
            changeTable(analysis, checked, { column: LENGTH, title: "Held-out length in tokens.", digits: 1 }, width),
            changeTable(
              analysis,
              checked,
              { column: REFLECTION, title: "Share of held-out responses that check their work.", digits: 3 },
              width,
            ),
          ]),
    ];
  },
});

/** "Groups that a mask below 2 votes drops: xs-flat 12.3 %, ..." */
function maskedText(analysis: ArmsAnalysis): string {
  const comparison = shownComparison(analysis, FLAT.name);
  if (comparison === null) return "";
  const texts = comparison.arms.flatMap(({ name, label, spec }) => {
    if (name === "cuma-unmasked" || name === "ttrl") return [];
    const shares = comparison.tiers.flatMap((tier) => {
      const values = analysis.rows.flatMap((row) =>
        row.comparison === FLAT.name && row.tier === tier && row.arm === name ? (row.maskedShare ?? []) : [],
      );
      if (values.length === 0) return [];
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      return [`${tier}${NO_BREAK}${inPoints(mean)}${NO_BREAK}%`];
    });
    const threshold = spec.mask?.minVotes ?? 2;
    const method = label.split(/[ ,]/, 1)[0];
    return shares.length === 0 ? [] : [`${method} below ${threshold}: ${shares.join(", ")}`];
  });
  return `Groups that the mask drops: ${texts.join("; ")}.`;
}
