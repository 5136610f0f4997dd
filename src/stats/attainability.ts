// Can a printed percentage be a share of these items at all? With N = items x samples per item it must be some k/N,
// rounded to the printed digits: |100 k / N - printed| <= half a unit of the last digit, both ends included, so that
// any rounding rule passes. Integer arithmetic throughout (the GRIM test of Brown and Heathers, 2017, for percentages).

import { checkInteger, invalid } from "./check.ts";

export interface Attainability {
  readonly attainable: boolean;
  /** Smallest and largest count of successes that print so; null when none does. */
  readonly kMin: number | null;
  readonly kMax: number | null;
}

/** Counts of successes that a percentage, given as printed ("30.7"), can stand for. Throws `stats/invalid`. */
export function attainability(reportedPercent: string, items: number, samplesPerItem: number): Attainability {
  const { printed, units, total } = read(reportedPercent, items, samplesPerItem);
  const kMin = ceilDivide(max(0n, (2n * printed - 1n) * total), 2n * units);
  const kMax = min(total, ((2n * printed + 1n) * total) / (2n * units));
  return between(kMin, kMax);
}

/** The same for a percentage whose further digits were cut off instead of rounded. Throws `stats/invalid`. */
export function attainabilityIfCutOff(reportedPercent: string, items: number, samplesPerItem: number): Attainability {
  const { printed, units, total } = read(reportedPercent, items, samplesPerItem);
  return between(ceilDivide(printed * total, units), min(total, ceilDivide((printed + 1n) * total, units) - 1n));
}

interface Printed {
  /** In units of the last digit; k / total is units k / total of them. */
  readonly printed: bigint;
  readonly units: bigint;
  readonly total: bigint;
}

function read(reportedPercent: string, items: number, samplesPerItem: number): Printed {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(reportedPercent);
  if (match === null)
    throw invalid("attainability", JSON.stringify(reportedPercent), 'a percentage as printed, like "30.7"');
  checkInteger("attainability items", items, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("attainability samples per item", samplesPerItem, 1, Number.MAX_SAFE_INTEGER);
  const decimals = match[2] ?? "";
  const printed = BigInt(match[1] + decimals);
  return { printed, units: 100n * 10n ** BigInt(decimals.length), total: BigInt(items) * BigInt(samplesPerItem) };
}

function between(kMin: bigint, kMax: bigint): Attainability {
  if (kMin > kMax) return { attainable: false, kMin: null, kMax: null };
  return { attainable: true, kMin: Number(kMin), kMax: Number(kMax) };
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
