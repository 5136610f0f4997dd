import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkCommitted } from "../../src/review/check-commit.ts";
import { firstDifference } from "../../src/review/first-difference.ts";
import type { Review } from "../../src/review/review.ts";
import { reviewHtml } from "../../src/review/review-html.ts";
import { reviewText } from "../../src/review/review-text.ts";
import { toRunKey } from "../../src/runs/run-key.ts";
import { temporaryDirectory } from "../runs/tiny-base.ts";
import { type Fixture, makeFixture } from "./study-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await makeFixture();
}, 300_000);
afterAll(() => fixture.remove());

const rowsOf = ({ checks }: Review, what: string) => checks.filter((check) => check.what.includes(what));

describe("a review", () => {
  test("tells of runs that other sources made, and of findings that were not run, and fails for neither", async () => {
    const study = fixture.study();
    const stale = study.runs.map((run) => {
      const { run: settings, base, data, kernels } = run.result;
      return {
        ...run,
        result: { ...run.result, ...toRunKey(settings, { base, data, kernels, source: "f".repeat(64) }) },
      };
    });
    const { writeRecords } = await import("../../src/records/run-records.ts");
    writeRecords(join(study.records, "smoke"), stale);
    const empty = join(study.folder, "no-figures");
    const of = await study.review();
    expect(rowsOf(of, "sources of the runs")).toMatchObject([
      {
        verdict: "not checked",
        why: expect.stringContaining("stale: 3 of 3 runs"),
        found: expect.stringMatching(/^ffff/),
      },
    ]);
    writeRecords(join(study.records, "smoke"), stale.slice(1));
    const notRun = await study.review({ figuresOf: () => empty });
    expect(notRun.ok).toBe(true);
    expect(rowsOf(notRun, "tiny: figures")).toMatchObject([
      { verdict: "not checked", why: expect.stringContaining("not run: tiny, records: got 2 of 3 runs") },
    ]);
    expect(notRun.claims).toMatchObject([{ verdict: "not run" }]);
  });

  test("of a folder with nothing in it passes nothing but the paper's numbers, and says that there are no notebooks", async () => {
    const nothing = join(fixture.study().folder, "nothing");
    const places = { records: nothing, checkpoints: nothing, figuresOf: () => nothing };
    const of = await fixture.study().review({ ...places, sample: 3 });
    expect(of.counts).toMatchObject({ passed: 1, failed: 0 });
    expect(of.checks.find(({ section }) => section === "notebooks")?.why).toBe("none: there are no notebooks");
  });

  test("goes on after what breaks, a claim that cannot be read among it", async () => {
    const of = await fixture.study().review({
      loadClaims: () => {
        throw new Error("unreadable");
      },
    });
    expect(rowsOf(of, "the claims")).toMatchObject([{ verdict: "failed", found: "Error: unreadable" }]);
    expect(rowsOf(of, "tiny-entropy.svg")).toMatchObject([{ verdict: "passed" }]);
  });

  test("records the machine, the versions, the kernels and the lock", async () => {
    const { environment } = await fixture.study().review();
    expect(environment).toMatchObject({ node: process.versions.node, v8: process.versions.v8, device: "wasm" });
    expect(environment.kernels).toMatch(/^[0-9a-f]{64}$/);
    expect(environment.lock).toMatch(/^[0-9a-f]{64}$/);
    expect(environment.cores).toBeGreaterThan(0);
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(fixture.study().review({ signal: controller.signal })).rejects.toMatchObject({
      code: "run/interrupted",
    });
  });
});

describe("the page", () => {
  const evil = `<script>alert("1")</script>' & <img src=x onerror=alert(2)>`;
  const page = async () => {
    const study = fixture.study();
    const claim = {
      id: evil,
      finding: "none",
      statement: evil,
      place: evil,
      metric: "m",
      direction: "greater" as const,
    };
    const rule = { name: evil, version: 1, smallestEffect: 0, intervalLevel: 0.9, resamples: 100, fewestSeeds: 2 };
    const of = await study.review({
      loadClaims: () => [{ ...claim, scale: "smoke", paperBenchmarks: ["MATH-500"], rule }],
      notebooks: evil,
      checkpoints: evil,
    });
    const made = of.checks.map((check) => ({ ...check, expected: evil, found: evil, why: evil }));
    return reviewHtml({ ...of, checks: made, environment: { ...of.environment, processor: evil, os: evil } });
  };

  test("escapes every text", async () => {
    const html = await page();
    expect(html).not.toMatch(/<script|<img|onerror=alert\(2\)>/);
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; &amp; &lt;img src=x");
  });

  test("asks for nothing: no script, no link, no address, and a policy that forbids them", async () => {
    const html = (await page()).replaceAll("&lt;img src=x", "");
    expect(html).not.toMatch(/\b(?:src|href)=|url\(|@import|https?:/);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test("says the outcome first and shows what failed before the rest", async () => {
    const study = fixture.study();
    writeFileSync(join(study.figures, "tiny-wished.svg"), "<svg></svg>");
    const of = await study.review();
    const html = reviewHtml(of);
    const places = ["checks failed", "<h2>What failed", "tiny-wished.svg", "<h2>What the records", "<h2>What was not"];
    const found = places.map((text) => html.indexOf(text));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(reviewText(of)).toMatch(
      /^FAILED figures: .*tiny-wished\.svg\n {2}expected {2}no such file\n {2}found {5}a file/,
    );
  });
});

describe("committed files", () => {
  test("pass as committed, fail when changed or added, and are not checked elsewhere", () => {
    const folder = temporaryDirectory();
    const git = (...words: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e", ...words], { cwd: folder, stdio: "ignore" });
    const [kept, other] = [join(folder, "kept"), join(folder, "other")];
    for (const path of [kept, other]) mkdirSync(path);
    writeFileSync(join(kept, "a.json"), "1");
    expect(checkCommitted([kept])).toMatchObject([{ verdict: "not checked", why: "not in a git checkout" }]);
    git("init");
    git("add", ".");
    git("commit", "-m", "all");
    writeFileSync(join(other, "new.json"), "1");
    expect(checkCommitted([kept])).toMatchObject([
      { verdict: "passed", found: expect.stringMatching(/^as in commit/) },
    ]);
    expect(checkCommitted([other, join(folder, "none")])).toMatchObject([{ verdict: "not checked" }]);
    writeFileSync(join(kept, "a.json"), "2");
    writeFileSync(join(kept, "b.json"), "2");
    expect(checkCommitted([kept])).toMatchObject([{ verdict: "failed", found: "2 changed: kept/a.json, kept/b.json" }]);
    expect(existsSync(join(kept, "a.json"))).toBe(true);
  });
});

test("the first difference is shown with what stands around it", () => {
  expect(firstDifference("same", "same")).toBeNull();
  expect(firstDifference("a=1", "a=1;")).toEqual({ expected: "a=1", found: "a=1;" });
  const text = "x".repeat(100);
  expect(firstDifference(`${text}1${text}`, `${text}2${text}`)).toEqual({
    expected: `…${"x".repeat(40)}1${"x".repeat(59)}…`,
    found: `…${"x".repeat(40)}2${"x".repeat(59)}…`,
  });
});
