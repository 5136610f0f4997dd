// Three other worlds, each with a question that the main one leaves open.
// - scarce: few easy problems in the natural set; what does data generation add then?
// - flat: bases whose popular guesses are flat, so that groups with all answers distinct are common and the mask has work;
//   thresholds of two and of three equal answers.
// - checked: bases whose corpus has a style that checks its work; does length grow, and with it reflection, for the able
//   tier alone? The plain tiers beside them are runs of the finding collapse.
import type { Arm, Comparison } from "../arms/arm.ts";
import { methodArm } from "../arms/arm.ts";

const scarce = (data: object) => ({ method: "cuma", data: { ...data, skew: "scarce" } }) as const;

export const SCARCE: Comparison = {
  name: "scarce",
  title: "Few easy problems: what generated ones add",
  tiers: ["xs", "s"],
  reference: "cuma-scarce",
  arms: [
    { ...methodArm("cuma"), label: "CuMa, usual levels" },
    {
      name: "no-generation",
      label: "without generation, usual levels",
      shownAs: "cuma",
      spec: { method: "cuma", data: { set: "natural" } },
    },
    { ...methodArm("ttrl"), label: "TTRL, usual levels" },
    { name: "cuma-scarce", label: "CuMa, few easy", shownAs: "cuma", spec: scarce({}) },
    {
      name: "no-generation-scarce",
      label: "without generation, few easy",
      shownAs: "cuma",
      spec: scarce({ set: "natural" }),
    },
    {
      name: "ttrl-scarce",
      label: "TTRL, few easy",
      shownAs: "ttrl",
      spec: { method: "ttrl", data: { skew: "scarce" } },
    },
  ],
};

export const FLAT: Comparison = {
  name: "flat",
  title: "Flat guesses: work for the mask",
  tiers: ["xs-flat", "m-flat"],
  reference: "cuma",
  arms: [
    { ...methodArm("cuma"), label: "CuMa (mask below 2 votes)" },
    {
      name: "cuma-3",
      label: "CuMa, mask below 3 votes",
      shownAs: "cuma",
      spec: { method: "cuma", mask: { minVotes: 3 } },
    },
    {
      name: "cuma-unmasked",
      label: "CuMa, no mask",
      shownAs: "cuma",
      spec: { method: "cuma", mask: { minVotes: null } },
    },
    {
      name: "ttrl-masked",
      label: "TTRL, mask below 2 votes",
      shownAs: "ttrl",
      spec: { method: "ttrl", mask: { minVotes: 2 } },
    },
    { ...methodArm("ttrl"), label: "TTRL (no mask)" },
  ],
};

const CHECKED_ARMS: readonly [Arm, ...Arm[]] = [methodArm("grpo"), methodArm("ttrl"), methodArm("cuma")];

export const CHECKED: Comparison = {
  name: "checked",
  title: "Bases that may check their work",
  tiers: ["xs-checked", "l-checked"],
  reference: null,
  arms: CHECKED_ARMS,
};

export const UNCHECKED: Comparison = {
  ...CHECKED,
  name: "unchecked",
  title: "Bases that never do",
  tiers: ["xs", "l"],
};
