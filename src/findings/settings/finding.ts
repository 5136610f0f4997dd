import { endsFigure } from "../arms/ends-figure.ts";
import { armsFinding } from "../arms/arms-finding.ts";
import { SETTINGS_COMPARISONS, settingsSweep } from "./sweep.ts";

export const settings = armsFinding({
  name: "settings",
  title: "KL weight, clip, aggregation and schedule, on which the paper is silent (beyond the paper)",
  comparisons: SETTINGS_COMPARISONS,
  sweep: settingsSweep,
  claims: ["claim-15", "claim-16", "claim-17"],
  figures: (analysis, scale) =>
    Object.fromEntries(
      analysis.comparisons.map((comparison) => [
        `settings-${comparison.name.replace("-settings", "")}`,
        endsFigure(analysis, {
          title: comparison.title,
          caption: [
            "Held-out accuracy after training, one setting changed at a time.",
            ...(comparison.name === "ttrl-settings"
              ? ["With one update per batch every ratio is 1 and the clip never acts: its arm has two."]
              : [
                  "Shuffled: CuMa's problems and mask in one shuffle; a cosine ends at 0, a constant rate at its peak.",
                ]),
          ],
          scale,
          comparisons: [comparison],
        }),
      ]),
    ),
});
