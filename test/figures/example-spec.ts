import type { TopLevelSpec } from "vega-lite";
import type { Provenance } from "../../src/figures/provenance.ts";
import { METHOD_LABELS, methodScale } from "../../src/figures/theme.ts";

export const exampleProvenance: Provenance = {
  labelfreeVersion: "0.0.0",
  scale: "smoke",
  runKeys: ["1111", "2222"],
  codeHash: "abcd",
  ruleHashes: { "claim-1": "r1 <&>" },
};

export function exampleSpec(title = "Held-out accuracy − an example"): TopLevelSpec {
  const values = (["grpo", "ttrl", "cuma"] as const).flatMap((method, k) =>
    [0, 25, 50, 75].map((step, i) => ({
      step,
      accuracy: 0.2 + (0.1 * i * (k + 1)) / 3,
      method: METHOD_LABELS[method],
    })),
  );
  return {
    title,
    width: 240,
    height: 120,
    data: { values },
    mark: "line",
    encoding: {
      x: { field: "step", type: "quantitative" },
      y: { field: "accuracy", type: "quantitative", title: "accuracy" },
      color: { field: "method", type: "nominal", scale: methodScale(["grpo", "ttrl", "cuma"]), title: "method" },
    },
  };
}
