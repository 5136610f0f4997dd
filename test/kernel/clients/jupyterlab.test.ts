// What a person does with a notebook, in a real browser. LABELFREE_SCREENSHOTS names a folder for pictures of each step.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLab, type RunningLab, startLab } from "./jupyter-lab.ts";

const CELLS = [
  'const lengths = [3, 1, 2];\nconsole.log("lengths:", lengths.length);\nlengths.map((length) => length * 2)',
  `vegaLite({
  data: { values: [{ tier: "xs", accuracy: 0.2 }, { tier: "s", accuracy: 0.5 }, { tier: "m", accuracy: 0.8 }] },
  mark: "bar",
  encoding: { x: { field: "tier", type: "nominal" }, y: { field: "accuracy", type: "quantitative" } },
})`,
  "const wrong: number = lengths;",
  "while (true) {}",
  "lengths.length * 100",
  "typeof lengths",
  "lengths.fla",
  "const triple = (length: number) => {\n  const product = length * 3;\n  return product;\n};\ntriple(14)",
];

const SOON = { timeout: 10_000 }; // the page draws in its own time

const found = findLab();
const reason = "missing" in found ? ` (skipped: ${found.missing})` : "";
describe.skipIf("missing" in found)(`a notebook in JupyterLab${reason}`, () => {
  let lab: RunningLab | undefined;
  let page: Page;

  beforeAll(async () => {
    if ("missing" in found) return;
    lab = await startLab(found);
    writeFileSync(join(lab.directory, "tour.ipynb"), JSON.stringify(notebook(CELLS)));
    page = await lab.browser.newPage({ viewport: { width: 1200, height: 1400 } });
    page.setDefaultTimeout(10_000);
    await page.goto(lab.address("tour.ipynb"));
    await page
      .locator(".jp-Notebook .jp-CodeCell")
      .nth(CELLS.length - 1)
      .waitFor();
    await page.locator(".jp-Toolbar-kernelName", { hasText: "TypeScript" }).waitFor();
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  }, 120_000);
  afterAll(async () => {
    await lab?.close();
  }, 60_000);

  const cell = (index: number): Locator => page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  const output = (index: number): Locator => cell(index).locator(".jp-OutputArea-output");

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key);
  }

  async function run(index: number): Promise<void> {
    await cell(index).locator(".cm-content").click();
    await press("Control+Enter");
  }

  async function picture(name: string): Promise<void> {
    const folder = process.env.LABELFREE_SCREENSHOTS;
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  test("a cell shows what it prints and its value", async () => {
    await run(0);
    await output(0).nth(1).waitFor();
    expect((await output(0).allInnerTexts()).map((text) => text.trim())).toEqual(["lengths: 3", "[ 6, 2, 4 ]"]);
    await cell(0).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();
    await picture("1-cell");
  });

  test("JupyterLab draws a Vega-Lite chart itself", async () => {
    await run(1);
    const drawing = output(1).locator(".vega-embed canvas, .vega-embed svg").first();
    await drawing.waitFor();
    await expect.poll(async () => (await drawing.boundingBox())?.height, SOON).toBeGreaterThan(150);
    await picture("2-chart");
  });

  test("a type error is shown below the cell that has it", async () => {
    await run(2);
    await output(2).filter({ hasText: "TS2322" }).waitFor();
    expect(await output(2).innerText()).toContain("Type 'number[]' is not assignable to type 'number'");
    await picture("3-type-error");
  });

  test("Tab completes a name by its type", async () => {
    await cell(6).locator(".cm-content").click();
    await press("End", "Tab");
    const completer = page.locator(".jp-Completer");
    await completer.locator(".jp-Completer-item", { hasText: "flatMap" }).waitFor();
    await picture("4-completer");
    await press("Escape");
    await cell(6).locator(".cm-content").click();
    await press("Control+End");
    await page.keyboard.type("t");
    await press("Tab");
    await completer.locator(".jp-Completer-item", { hasText: "flatMap" }).click();
    await expect.poll(() => cell(6).locator(".cm-content").innerText(), SOON).toBe("lengths.flatMap");
  });

  test("Shift+Tab tells the type of a name", async () => {
    await cell(4).locator(".cm-content").click();
    await press("Home", "ArrowRight", "ArrowRight", "Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip.waitFor();
    await expect.poll(() => tooltip.innerText(), SOON).toContain("const lengths: number[]");
    await picture("5-tooltip");
    await press("Escape");
  });

  test("an endless loop is interrupted, and variables stay", async () => {
    await run(3);
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').waitFor();
    expect(await cell(3).locator(".jp-InputPrompt").innerText()).toBe("[*]:");
    await press("Escape", "i", "i");
    await output(3)
      .filter({ hasText: /interrupted/i })
      .waitFor();
    await picture("6-interrupt");
    await run(4);
    await output(4).filter({ hasText: "300" }).waitFor();
  });

  test("a breakpoint set in the margin stops its cell, and the panel shows the variables", async () => {
    await cell(7).locator(".cm-content").click();
    await page.locator(".jp-DebuggerBugButton").first().click();
    await cell(7).locator(".cm-lineNumbers .cm-gutterElement", { hasText: "3" }).waitFor();
    const line = await cell(7).locator(".cm-line").nth(2).boundingBox();
    const gutter = await cell(7).locator(".cm-gutter.cm-breakpoint-gutter").boundingBox();
    if (line === null || gutter === null) throw new Error("the cell shows no margin for breakpoints");
    await page.mouse.click(gutter.x + gutter.width / 2, line.y + line.height / 2);
    await page.locator(".jp-DebuggerBreakpoint", { hasText: "3" }).waitFor();
    await run(7);
    await page.locator(".jp-DebuggerCallstackFrame", { hasText: "triple" }).waitFor();
    await page.locator(".jp-DebuggerVariables-body", { hasText: "product" }).first().waitFor();
    await picture("7-debugger");
    const variables = page.locator(".jp-DebuggerVariables-body").first();
    await expect.poll(() => variables.innerText(), SOON).toMatch(/length\s+14\s+product\s+42/);
    await page.locator('[data-command="debugger:continue"], .jp-DebuggerCallstack jp-button').first().click();
    await output(7).filter({ hasText: "42" }).waitFor();
    await page.locator(".jp-DebuggerBugButton").first().click();
  });

  test("a restart forgets variables, and cells run again", async () => {
    await cell(5).locator(".cm-content").click();
    await press("Escape", "0", "0");
    await page.locator(".jp-Dialog button", { hasText: "Restart" }).click();
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    await run(5);
    await output(5).filter({ hasText: "undefined" }).waitFor();
    await cell(5).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();
    expect(await output(5).innerText()).toContain("undefined");
    await picture("8-restart");
  });
});

function notebook(sources: readonly string[]): unknown {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "labelfree", display_name: "TypeScript", language: "typescript" } },
    cells: sources.map((source, index) => ({
      id: `cell-${index}`,
      cell_type: "code",
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  };
}
