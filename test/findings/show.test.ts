import { describe, expect, it } from "vitest";
import type { Shown } from "../../src/core/shown.ts";
import { showFigure } from "../../src/figures/show-figure.ts";
import { loadCollapseClaims } from "../../src/findings/collapse/claims.ts";
import { htmlTable } from "../../src/findings/html-table.ts";
import { showClaims } from "../../src/findings/show-claims.ts";
import { showVerdicts } from "../../src/findings/show-verdicts.ts";
import { notRun, toVerdict } from "../../src/findings/verdict.ts";

const DISPLAY = Symbol.for("Jupyter.display");

/** What a Jupyter kernel is given to show. */
function bundleOf(shown: Shown): Readonly<Record<string, unknown>> {
  const display: unknown = Reflect.get(shown, DISPLAY);
  if (typeof display !== "function") throw new Error("nothing that a kernel would ask");
  return Reflect.apply(display, shown, []) as Readonly<Record<string, unknown>>;
}

describe("what a notebook is shown", () => {
  it("is a figure as its spec in the theme, as the SVG that the figures' files have, and as a line of text", async () => {
    const spec = {
      title: "Two bars",
      data: { values: [{ a: "x", b: 1 }] },
      mark: "bar",
      encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
    } as const;
    const bundle = bundleOf(await showFigure(spec));
    expect(Object.keys(bundle)).toEqual(["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    expect(bundle["application/vnd.vegalite.v5+json"]).toMatchObject({ ...spec, config: { background: "white" } });
    expect(bundle["image/svg+xml"]).toContain("<svg");
    expect(bundle["text/plain"]).toBe("Figure: Two bars");
    await expect(showFigure({ ...spec, data: { values: [] } })).rejects.toMatchObject({ code: "figure/no-data" });
  });

  it("is each claim of the finding and no other, with its rule, as a table and as text", () => {
    const bundle = bundleOf(showClaims({ name: "collapse" }));
    for (const type of ["text/html", "text/plain"]) {
      for (const claim of ["claim-1", "claim-2", "claim-6"]) expect(bundle[type]).toContain(claim);
      expect(bundle[type]).not.toContain("claim-4");
      expect(bundle[type]).toContain("gain-grows-with-ability");
    }
  });

  it("is each verdict with its parts, its notes and the hash of its rule", () => {
    const { ability } = loadCollapseClaims();
    const part = {
      label: "a < b",
      estimate: 0.1,
      low: 0.05,
      high: 0.2,
      n: 5,
      verdict: "reproduced",
      paper: [],
    } as const;
    const judged = toVerdict(ability, {
      ...{ scale: "micro", verdict: "reproduced", decidedBy: part, parts: [part], sideMeasures: [] },
      notes: ["a seed diverged"],
    });
    const shown = showVerdicts([judged, notRun(ability, "micro", "no runs")]);
    const html = String(bundleOf(shown)["text/html"]);
    expect(html).toContain('<th scope="row">a &lt; b</th>');
    expect(html).toContain("REPRODUCED at micro scale");
    expect(html).toContain("<li>note: a seed diverged</li>");
    expect(html).toContain("NOT RUN at micro scale: no runs");
    expect(html).toContain(judged.ruleHash.slice(0, 12));
    expect(String(shown)).toBe(bundleOf(shown)["text/plain"]);
  });

  it("is a table whose texts cannot become markup", () => {
    expect(htmlTable("<c>", ['"t"'], [["a&b", "<i>"]])).toContain(
      '<caption>&lt;c&gt;</caption>\n<thead><tr><th scope="col">&quot;t&quot;</th></tr></thead>',
    );
    expect(htmlTable("", [], [["a&b", "<i>"]])).toContain('<th scope="row">a&amp;b</th><td>&lt;i&gt;</td>');
  });
});
