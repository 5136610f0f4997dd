// A browser of the Chromium family on this machine, which can print a page to PDF without a window.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LabelfreeError } from "../../core/errors.ts";

const PROGRAMS = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
  "microsoft-edge-stable",
  "msedge",
  "brave-browser",
];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * Path of the browser that LABELFREE_CHROMIUM names, or of the first that is found.
 * @throws LabelfreeError `export/no-browser`.
 */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env.LABELFREE_CHROMIUM;
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return named;
    const message = `LABELFREE_CHROMIUM: got ${named}, expected the path of a program`;
    throw new LabelfreeError("export/no-browser", message, { fields: { named } });
  }
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const suffix = process.platform === "win32" ? ".exe" : "";
  const candidates = [
    ...PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, `${name}${suffix}`))),
    ...ELSEWHERE,
  ];
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  const message =
    "pdf: got no browser, expected Chromium, Chrome or Edge on the PATH; install one (Debian: apt install chromium), or " +
    "name it in LABELFREE_CHROMIUM, or print the HTML pages from any browser";
  throw new LabelfreeError("export/no-browser", message);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
