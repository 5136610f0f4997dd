// The site as a reader has it: opened from its folder in a real browser, without a network. LABELFREE_SCREENSHOTS names a
// folder for pictures.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findBrowser } from "../../../src/workbook/export/find-browser.ts";
import { printPdf } from "../../../src/workbook/export/print-pdf.ts";
import { writeSite } from "../../../src/workbook/export/write-site.ts";
import { scratchFolder } from "../notebooks.ts";
import { siteOf, twoNotebooks } from "./pages.ts";

const SOON = { timeout: 20_000 };
const program = found();
const folder = scratchFolder();

function found(): string | null {
  try {
    return findBrowser();
  } catch {
    return null;
  }
}

const reason = program === null ? " (skipped: no Chromium, Chrome or Edge on the PATH or in LABELFREE_CHROMIUM)" : "";
describe.skipIf(program === null)(`a site in a browser${reason}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    writeSite(folder, siteOf(await twoNotebooks()).files);
    browser = await chromium.launch({ executablePath: program ?? "", args: ["--no-sandbox"] });
  }, 60_000);
  afterAll(async () => browser?.close(), 30_000);

  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    page = await context.newPage();
    page.setDefaultTimeout(SOON.timeout);
    complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", ({ message }) => complaints.push(message));
    await context.route(/^(?!file:|data:)/, (route) => {
      complaints.push(`asked for ${route.request().url()}`);
      return route.abort();
    });
  }, 30_000);
  afterEach(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(`the browser complains: ${complaints.join("; ")}`);
  }, 30_000);

  const open = (name: string) => page.goto(pathToFileURL(join(folder, name)).href);
  async function picture(name: string): Promise<void> {
    const pictures = process.env.LABELFREE_SCREENSHOTS;
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  test("draws its charts, tells a value at the pointer, and shows the data as a table", async () => {
    await open("collapse.html");
    const chart = page.locator("figure.chart");
    await chart.scrollIntoViewIfNeeded();
    await chart.locator(".live svg .mark-line path").first().waitFor();
    expect(await chart.locator(".live svg .mark-line path").count()).toBe(3);
    expect(await chart.locator(".still").isVisible()).toBe(false);
    const at = await page.evaluate<{ x: number; y: number }>(`(() => {
      const path = document.querySelector(".live svg .mark-line path");
      const { x, y } = path.getPointAtLength(path.getTotalLength() * 0.48).matrixTransform(path.getScreenCTM());
      return { x, y };
    })()`);
    await page.mouse.move(at.x, at.y);
    await page.locator("#site-tip", { hasText: "accuracy" }).waitFor();
    expect(await page.locator("#site-tip").innerText()).toMatch(/step\s+50/);
    await chart.getByRole("button", { name: "Data" }).click();
    expect(await chart.locator(".data tr").count()).toBe(34);
    await page.emulateMedia({ media: "print" });
    expect(await chart.locator(".still img").isVisible()).toBe(true);
    expect(await chart.locator(".live").isVisible()).toBe(false);
    expect(await page.locator("nav, header").filter({ visible: true }).count()).toBe(0);
    await picture("print");
  }, 60_000);

  test("shows a chart's image where no script runs", async () => {
    const still = await browser.newContext({ javaScriptEnabled: false });
    const bare = await still.newPage();
    await bare.goto(pathToFileURL(join(folder, "collapse.html")).href);
    expect(await bare.getByRole("img", { name: /^Held-out accuracy by step/ }).isVisible()).toBe(true);
    expect(await bare.getByRole("searchbox").isVisible()).toBe(false);
    expect(await bare.getByRole("navigation").isVisible()).toBe(true);
    await still.close();
  }, 60_000);

  test("finds words on any page from the keyboard alone, and tells how often", async () => {
    await open("index.html");
    await page.keyboard.press("/");
    await page.keyboard.type("eight MAJORITY");
    const result = page.locator("#site-results a");
    await result.first().waitFor();
    await expect.poll(() => page.locator("#site-status").innerText(), SOON).toBe("1 place found");
    expect(await result.locator("mark").allInnerTexts()).toEqual(["Eight", "majority"]);
    await picture("search");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/lessons-vote\.html#vote-by-hand$/);
    await page.getByRole("searchbox").fill("찾을 수");
    await expect.poll(() => page.locator("#site-status").innerText(), SOON).toBe("1 place found");
    await page.getByRole("searchbox").fill("<img src=x>");
    await page.locator("#site-results .none").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("#site-results").isVisible()).toBe(false);
  }, 60_000);

  test("follows the system's theme until one is chosen, and remembers that", async () => {
    await open("index.html");
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(ground, SOON).not.toBe(light);
    await picture("dark");
    const button = page.getByRole("button", { name: "Dark theme" });
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    await button.click();
    expect(await ground()).toBe(light);
    await open("collapse.html");
    expect(await ground()).toBe(light);
    expect(await button.getAttribute("aria-pressed")).toBe("false");
  }, 60_000);

  test("can be read on a narrow screen, and by Tab from the skip link on", async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    for (const name of ["index.html", "collapse.html"]) {
      await open(name);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), name).toBeLessThanOrEqual(0);
      await picture(`narrow-${name}`);
    }
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("site-main");
    const contents = page.getByRole("navigation");
    expect(await contents.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Contents" }).click();
    expect(await contents.isVisible()).toBe(true);
  }, 60_000);

  test("is printed to PDF", async () => {
    const pdf = join(folder, "collapse.pdf");
    await printPdf(program ?? "", { page: join(folder, "collapse.html"), pdf });
    const bytes = readFileSync(pdf);
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect(bytes.length).toBeGreaterThan(20_000);
    const none = printPdf("/bin/false", { page: join(folder, "index.html"), pdf: join(folder, "none.pdf") });
    await expect(none).rejects.toThrow(/gave no PDF \(exit code 1\)/);
  }, 120_000);
});
