import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { verifyExtras } from "../../src/review/verify-extras.ts";
import { type FindingExtra, writeExtra } from "../../src/findings/finding-extra.ts";

interface Keyed {
  readonly key: string;
  readonly value: number;
}

const extra: FindingExtra<Keyed> = {
  file: "numbers.json",
  parse: (value) => value as Keyed,
  toJson: ({ key, value }) => ({ key, value }),
  keys: ({ key }) => [key],
  isCurrent: ({ key }) => key === "now",
  make: async () => ({ key: "now", value: 7 }),
};

const folder = mkdtempSync(join(tmpdir(), "labelfree-verify-extras-"));
const findings = [{ name: "runs-only" }, { name: "numbers", extra }];
const verify = () => verifyExtras(findings, { folder, scale: "smoke", onNotice: () => {} });

afterAll(() => rmSync(folder, { recursive: true }));

it("checks what is kept, and only that", async () => {
  expect(await verify()).toEqual([]);
  writeExtra(extra, folder, { key: "now", value: 7 });
  const same = { isStale: false, ok: true, difference: null };
  expect(await verify()).toEqual([{ finding: "numbers", file: "numbers.json", ...same }]);
});

it("accepts the same data from other sources, and says so", async () => {
  writeExtra(extra, folder, { key: "before", value: 7 });
  expect(await verify()).toMatchObject([{ isStale: true, ok: true }]);
});

it("fails on other data", async () => {
  writeExtra(extra, folder, { key: "now", value: 8 });
  expect(await verify()).toMatchObject([
    { isStale: false, ok: false, difference: { expected: '{"key":"","value":7}', found: '{"key":"","value":8}' } },
  ]);
});
