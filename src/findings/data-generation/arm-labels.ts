import type { ArmName } from "./problem-sets.ts";

export const ARM_LABELS: Readonly<Record<ArmName, string>> = {
  rule: "rule",
  refreshed: "model, refreshed",
  fixed: "model, fixed",
};
