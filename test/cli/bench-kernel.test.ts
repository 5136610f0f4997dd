import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ENTRY = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

test("bench kernel gives its medians as one line of JSON, and says when a peer is missing", () => {
  const options = ["--starts", "1", "--cells", "3", "--json"];
  const output = execFileSync(process.execPath, [ENTRY, "bench", "kernel", ...options], { encoding: "utf8" });
  const timing: Readonly<Record<string, number>> = JSON.parse(output);
  expect(Object.keys(timing)).toEqual([
    "startMs",
    "readyMs",
    "cellMs",
    "uniqueCellMs",
    "interruptMs",
    "floodLinesPerSecond",
    "rssMb",
  ]);
  for (const value of Object.values(timing)) expect(value).toBeGreaterThan(0);
  expect(timing.readyMs).toBeGreaterThan(timing.startMs);
  const peerless = [ENTRY, "bench", "kernel", ...options, "--peer", process.execPath];
  expect(() => execFileSync(process.execPath, peerless, { encoding: "utf8", stdio: "pipe" })).toThrow(
    "got no ipykernel with",
  );
});
