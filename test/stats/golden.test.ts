import { describe, expect, test } from "vitest";
import { readJsonFile } from "../../src/core/atomic-file.ts";
import { attainability } from "../../src/stats/attainability.ts";
import { iqm, iqmFractional } from "../../src/stats/iqm.ts";
import { mcNemarExact } from "../../src/stats/mcnemar.ts";
import { passAtK } from "../../src/stats/pass-at-k.ts";
import { wilson } from "../../src/stats/wilson.ts";
import { sharedPath } from "../shared.ts";

// computed with scipy 1.17.1 and statsmodels 0.15.0
interface Golden {
  readonly wilson: {
    readonly z: number;
    readonly cases: readonly {
      readonly k: number;
      readonly n: number;
      readonly p: number;
      low: number;
      high: number;
    }[];
  };
  readonly pass_at_k: {
    readonly cases: readonly { readonly n: number; readonly c: number; readonly k: number; readonly value: number }[];
  };
  readonly mcnemar_exact: {
    readonly cases: readonly {
      readonly both_right: number;
      readonly only_first_right: number;
      readonly only_second_right: number;
      readonly both_wrong: number;
      readonly p: number;
    }[];
  };
  readonly iqm: {
    readonly cases: readonly {
      readonly values: readonly number[];
      readonly iqm: number;
      readonly iqm_fractional: number;
    }[];
  };
  readonly attainability: {
    readonly cases: readonly {
      readonly reported_percent: string;
      readonly items: number;
      readonly samples_per_item: number;
      readonly attainable: boolean;
      readonly k_min: number | null;
      readonly k_max: number | null;
    }[];
  };
}

const TOLERANCE = 1e-12;
const path = sharedPath("golden/stats.json");

describe.skipIf(path === undefined)(
  "reference values (skipped where the golden files are not beside the repository)",
  () => {
    const golden = path === undefined ? undefined : (readJsonFile(path) as Golden);

    test("every Wilson interval", () => {
      const { z, cases } = golden!.wilson;
      expect(cases.length).toBeGreaterThan(10);
      for (const { k, n, p, low, high } of cases) {
        const ours = wilson(k, n, z);
        expect(wilson(k, n)).toEqual(ours);
        expectNear(ours.p, p, `p ${k}/${n}`);
        expectNear(ours.low, low, `low ${k}/${n}`);
        expectNear(ours.high, high, `high ${k}/${n}`);
      }
    });

    test("every pass@k", () => {
      const { cases } = golden!.pass_at_k;
      expect(cases.length).toBeGreaterThan(10);
      for (const { n, c, k, value } of cases) expectNear(passAtK(n, c, k), value, `n ${n}, c ${c}, k ${k}`);
    });

    test("every exact McNemar p value", () => {
      const { cases } = golden!.mcnemar_exact;
      expect(cases.length).toBeGreaterThan(5);
      for (const row of cases) {
        const p = mcNemarExact({
          bothRight: row.both_right,
          onlyFirstRight: row.only_first_right,
          onlySecondRight: row.only_second_right,
          bothWrong: row.both_wrong,
        });
        expectNear(p, row.p, JSON.stringify(row));
        expect(Math.abs(p / row.p - 1)).toBeLessThanOrEqual(1e-9);
      }
    });

    test("every interquartile mean, in both definitions", () => {
      const { cases } = golden!.iqm;
      expect(cases.length).toBeGreaterThan(5);
      for (const row of cases) {
        expectNear(iqm(row.values), row.iqm, `iqm of ${row.values.length}`);
        expectNear(iqmFractional(row.values), row.iqm_fractional, `fractional iqm of ${row.values.length}`);
      }
    });

    test("every attainability, exactly", () => {
      const { cases } = golden!.attainability;
      expect(cases.length).toBeGreaterThan(15);
      for (const row of cases) {
        expect(attainability(row.reported_percent, row.items, row.samples_per_item), JSON.stringify(row)).toEqual({
          attainable: row.attainable,
          kMin: row.k_min,
          kMax: row.k_max,
        });
      }
    });
  },
);

function expectNear(ours: number, theirs: number, what: string): void {
  expect(Math.abs(ours - theirs), what).toBeLessThanOrEqual(TOLERANCE);
}
