// The TypeScript kernel, timed through its sockets as a notebook would see it. Cells are timed to their reply; the type
// check comes after it. --peer times ipykernel in turn with ours: on a shared machine only that means something.

import { execFileSync } from "node:child_process";
import { styleText } from "node:util";
import { Command } from "commander";
import { LabelfreeError } from "../core/errors.ts";
import type { LaunchedKernel } from "../kernel/client/launch-kernel.ts";
import { builtPath } from "../runs/package-root.ts";
import { integerOption } from "./number-option.ts";

/** Medians. */
export interface KernelTiming {
  readonly startMs: number; // from the start of its process to kernel_info_reply
  readonly readyMs: number; // from the same to the reply of a first, silent cell
  readonly cellMs: number; // 1+1
  readonly uniqueCellMs: number; // two lines that no cell before had
  readonly interruptMs: number; // of an endless loop, to the cell's reply
  readonly floodLinesPerSecond: number; // 100,000 lines of one cell, to its idle
  readonly rssMb: number | null; // of all its processes when they are ready; null where ps is missing
}

/** What differs from kernel to kernel. */
interface Contender {
  readonly argv: readonly string[];
  readonly endlessLoop: string;
  readonly flood: string;
  uniqueCell(n: number): string;
  interrupt(kernel: LaunchedKernel): void;
}

interface BenchOptions {
  readonly starts: number;
  readonly cells: number;
  readonly peer?: true | string;
  readonly json?: boolean;
}

const FLOOD_LINES = 100_000;
const WARM_UP_CELLS = 5;
const INTERRUPTS = 5;
const LOOP_RUNS_MS = 150; // the loop is left alone so long before it is interrupted

export const benchKernelCommand = new Command("kernel")
  .description("time the TypeScript kernel: start, cells, interrupt, 100,000 lines of output, memory")
  .option("--starts <n>", "kernels to start", integerOption(1, 100), 5)
  .option("--cells <n>", "cells of each kind, in each kernel", integerOption(1, 10_000), 20)
  .option("--peer [python]", "also time ipykernel, with this Python; default the first on the PATH or in /usr/bin")
  .option("--json", "print one line of JSON")
  .addHelpText("after", "\nExamples:\n  labelfree bench kernel --peer\n  labelfree bench kernel --json --starts 3")
  .action(async ({ starts, cells, peer, json = false }: BenchOptions) => {
    const python = peer === undefined ? undefined : findPeer(peer);
    const laps: { ours: KernelTiming[]; theirs: KernelTiming[] } = { ours: [], theirs: [] };
    for (let start = 0; start < starts; start++) {
      laps.ours.push(await timeKernel(OURS, cells));
      if (python !== undefined) laps.theirs.push(await timeKernel(ipykernel(python), cells));
    }
    const ours = medians(laps.ours);
    const theirs = laps.theirs.length === 0 ? undefined : medians(laps.theirs);
    if (json) console.log(JSON.stringify({ ...ours, ...(peer === undefined ? {} : { peer: theirs ?? null }) }));
    else console.log(describe(ours, theirs));
  });

const OURS: Contender = {
  get argv() {
    const entry = builtPath("cli/main.js");
    return [process.execPath, entry, "kernel", "start", "--no-history", "--connection-file", "{connection_file}"];
  },
  endlessLoop: "while (true) {}",
  flood: `for (let line = 0; line < ${FLOOD_LINES}; line++) console.log(line)`,
  uniqueCell: (n) => `const unique${n} = [${n}, ${n + 1}].map((value) => value * 2);\nunique${n}.length + ${n}`,
  interrupt: ({ client }) => void client.request("control", "interrupt_request"),
};

function ipykernel(python: string): Contender {
  return {
    argv: [python, "-m", "ipykernel_launcher", "--HistoryManager.enabled=False", "-f", "{connection_file}"],
    endlessLoop: "while True: pass",
    flood: `for line in range(${FLOOD_LINES}): print(line)`,
    uniqueCell: (n) => `unique${n} = [value * 2 for value in [${n}, ${n + 1}]]\nlen(unique${n}) + ${n}`,
    interrupt: (kernel) => kernel.signal(),
  };
}

/** A Python that has ipykernel; undefined where there is none, and none was named. */
function findPeer(named: true | string): string | undefined {
  const candidates = named === true ? ["python3", "/usr/bin/python3"] : [named];
  for (const python of candidates) {
    try {
      execFileSync(python, ["-c", "import ipykernel"], { stdio: "ignore" });
      return python;
    } catch {
      // the next one
    }
  }
  const message = `--peer: got no ipykernel with ${candidates.join(" or ")}, expected it installed there`;
  if (named !== true) throw new LabelfreeError("bench/peer", message);
  process.stderr.write(`${message}; the peer is left out\n`);
  return undefined;
}

async function timeKernel(contender: Contender, cells: number): Promise<KernelTiming> {
  const { launchKernel } = await import("../kernel/client/launch-kernel.ts");
  const kernel = await launchKernel({ argv: contender.argv, cwd: process.cwd() });
  try {
    const { pid, startMs } = kernel;
    const readyMs = startMs + (await timeCell(kernel, "1", { silent: true }));
    const rssMb = residentMb(pid);
    for (let n = 0; n < WARM_UP_CELLS; n++) await timeCell(kernel, contender.uniqueCell(n));
    const same: number[] = [];
    const unique: number[] = [];
    for (let n = 0; n < cells; n++) {
      same.push(await timeCell(kernel, "1+1"));
      unique.push(await timeCell(kernel, contender.uniqueCell(WARM_UP_CELLS + n)));
    }
    const interrupts: number[] = [];
    for (let n = 0; n < INTERRUPTS; n++) interrupts.push(await timeInterrupt(kernel, contender));
    const [cellMs, uniqueCellMs, interruptMs] = [same, unique, interrupts].map(median);
    const floodLinesPerSecond = (FLOOD_LINES * 1000) / (await timeFlood(kernel, contender));
    return { startMs, readyMs, cellMs, uniqueCellMs, interruptMs, floodLinesPerSecond, rssMb };
  } finally {
    await kernel.shutdown();
  }
}

async function timeCell({ client }: LaunchedKernel, code: string, settings: { silent?: true } = {}): Promise<number> {
  const start = performance.now();
  const { reply, idle } = client.execute(code, undefined, { allow_stdin: true, ...settings });
  const { content } = await reply;
  const elapsedMs = performance.now() - start;
  if (content.status !== "ok") throw new LabelfreeError("bench/cell", `bench kernel: ${code}: ${content.evalue}`);
  await idle;
  return elapsedMs;
}

async function timeInterrupt(kernel: LaunchedKernel, contender: Contender): Promise<number> {
  const { reply, idle } = kernel.client.execute(contender.endlessLoop, undefined, {
    allow_stdin: true,
    stop_on_error: false,
  });
  await new Promise((resolve) => setTimeout(resolve, LOOP_RUNS_MS));
  const start = performance.now();
  contender.interrupt(kernel);
  const { content } = await reply;
  const elapsedMs = performance.now() - start;
  if (content.status !== "error")
    throw new LabelfreeError(
      "bench/interrupt",
      `bench kernel: the loop ended with ${content.status}, expected an error`,
    );
  await idle;
  return elapsedMs;
}

async function timeFlood({ client }: LaunchedKernel, { flood }: Contender): Promise<number> {
  let lines = 0;
  const start = performance.now();
  const { reply, idle } = client.execute(flood, ({ header, content }) => {
    if (header.msg_type === "stream") lines += String(content.text).split("\n").length - 1;
  });
  await idle;
  const elapsedMs = performance.now() - start;
  if (lines === FLOOD_LINES) return elapsedMs;
  const { status, evalue } = (await reply).content;
  const got = `${lines} lines before idle (${JSON.stringify({ status, evalue })})`;
  throw new LabelfreeError("bench/flood", `bench kernel: got ${got}, expected ${FLOOD_LINES}`);
}

/** Resident memory of a process and all below it; pages that they share count for each. */
function residentMb(root: number): number | null {
  let table: string;
  try {
    table = execFileSync("ps", ["-axo", "pid=,ppid=,rss="], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const [pid, parent] of rows) if (family.has(parent)) family.add(pid);
  }
  const kilobytes = rows.reduce((sum, [pid, , rss]) => sum + (family.has(pid) ? rss : 0), 0);
  return kilobytes / 1024;
}

function medians(laps: readonly KernelTiming[]): KernelTiming {
  const memories = laps.flatMap(({ rssMb }) => rssMb ?? []);
  return {
    startMs: median(laps.map((lap) => lap.startMs)),
    readyMs: median(laps.map((lap) => lap.readyMs)),
    cellMs: median(laps.map((lap) => lap.cellMs)),
    uniqueCellMs: median(laps.map((lap) => lap.uniqueCellMs)),
    interruptMs: median(laps.map((lap) => lap.interruptMs)),
    floodLinesPerSecond: median(laps.map((lap) => lap.floodLinesPerSecond)),
    rssMb: memories.length === 0 ? null : median(memories),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function describe(ours: KernelTiming, theirs: KernelTiming | undefined): string {
  const rows: readonly (readonly [string, (timing: KernelTiming) => string])[] = [
    ["start", ({ startMs }) => `${startMs.toFixed(0)} ms`],
    ["first cell", ({ readyMs }) => `${readyMs.toFixed(0)} ms`],
    ["1+1", ({ cellMs }) => `${cellMs.toFixed(1)} ms`],
    ["a new cell", ({ uniqueCellMs }) => `${uniqueCellMs.toFixed(1)} ms`],
    ["interrupt", ({ interruptMs }) => `${interruptMs.toFixed(1)} ms`],
    ["100,000 lines", ({ floodLinesPerSecond }) => `${(FLOOD_LINES / floodLinesPerSecond).toFixed(2)} s`],
    ["memory at start", ({ rssMb }) => (rssMb === null ? "unknown" : `${rssMb.toFixed(0)} MB`)],
  ];
  const line = (name: string, first: string, second = "") =>
    `${name.padEnd(16)}${first.padStart(12)}${second === "" ? "" : second.padStart(12)}`;
  return [
    styleText("bold", line("", "labelfree", theirs && "ipykernel")),
    ...rows.map(([name, show]) => line(name, show(ours), theirs && show(theirs))),
  ].join("\n");
}
