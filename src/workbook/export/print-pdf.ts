// A page as PDF, printed by a browser that has a profile of its own for the time, and no network to ask.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { writeFileAtomic } from "../../core/atomic-file.ts";
import { LabelfreeError } from "../../core/errors.ts";

const LIMIT_MS = 120_000;
const TOLD_CHARACTERS = 600;
// the host is this page's own file system; a request to anywhere else fails
const OPTIONS = [
  "--headless",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-background-networking",
  "--host-resolver-rules=MAP * ~NOTFOUND",
  "--no-first-run",
  "--no-pdf-header-footer",
];

/**
 * Prints a page into a PDF file, which is there whole or not at all.
 * @throws LabelfreeError `export/not-printed` or `file/...`.
 */
export async function printPdf(
  browser: string,
  { page, pdf, signal }: { readonly page: string; readonly pdf: string; readonly signal?: AbortSignal },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "labelfree-pdf-"));
  const made = join(folder, "page.pdf");
  // a browser that root runs refuses to start with its sandbox
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const words = [...OPTIONS, ...sandbox, `--user-data-dir=${join(folder, "profile")}`, `--print-to-pdf=${made}`];
  try {
    const { code, told } = await run(browser, [...words, pathToFileURL(resolve(page)).href], signal);
    if (code === 0 && existsSync(made) && statSync(made).size > 0) return writeFileAtomic(pdf, readFileSync(made));
    const message = `print ${page}: ${browser} gave no PDF (exit code ${code})${told === "" ? "" : `\n${told}`}`;
    throw new LabelfreeError("export/not-printed", message, { fields: { page, browser, code } });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function run(
  program: string,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; told: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (told = (told + text).slice(-TOLD_CHARACTERS)));
    const stop = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", stop, { once: true });
    child.on("error", (cause) => {
      const message = `print: ${program} cannot be started`;
      reject(new LabelfreeError("export/not-printed", message, { cause, fields: { program } }));
    });
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, told: told.trim() });
    });
  });
}
