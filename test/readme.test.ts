// The README's example runs and prints what it says, and its commands exist with the options shown.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

function blocks(language: string): string[] {
  return Array.from(README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms")), (match) => match[1]);
}

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

const examples = blocks("js");
const commands = blocks("sh")
  .join("")
  .split("\n")
  .filter((line) => line.startsWith("npx labelfree "))
  .map((line) => line.replace("npx labelfree ", "").replace(/ [>#|].*$/, ""));

describe("the README", () => {
  test.each(examples)("prints what example %# says", (code) => {
    const printed = code.trimEnd().split("\n").at(-1)?.replace("// ", "");
    expect(node("--input-type=module", "--eval", code)).toBe(`${printed}\n`);
  });

  test.each(commands)("shows options that exist: labelfree %s", (line) => {
    const words = line.trim().split(/\s+/);
    const path = words.slice(0, ["bench", "kernel", "notebook"].includes(words[0]) ? 2 : 1);
    const help = node("dist/cli/main.js", ...path, "--help");
    expect(help).toContain(`Usage: labelfree ${path.join(" ")}`);
    for (const option of words.filter((word) => word.startsWith("--"))) expect(help).toContain(option);
  });

  test("has examples and commands for these tests to find", () => {
    expect(examples).not.toEqual([]);
    expect(commands.length).toBeGreaterThan(5);
  });

  test("links to files that exist", () => {
    const links = Array.from(README.matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, path]) => path);
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
