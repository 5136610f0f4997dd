import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { EXAMPLE_SPEC } from "../../src/cli/example-spec.ts";
import { toRun } from "../../src/runs/spec.ts";
import { type Ended, MAIN, type Started, start, stepsRecorded, until } from "../runs/built-cli.ts";
import { saveTinyBase, temporaryDirectory, tinySpec } from "../runs/tiny-base.ts";

const STEPS = 40;
const LONG = 24; // epochs, for a run that outlasts the start of another process

interface Scene {
  readonly spec: string; // path
  readonly root: string; // does not exist yet
  train(...more: string[]): Started;
}

function setUp(directory = temporaryDirectory(), { epochs = 1 } = {}): Scene {
  const spec = join(directory, "spec.json");
  const root = join(directory, "runs");
  const evaluation = { everySteps: 1000, sets: ["gsm-like"], endSets: [] };
  writeFileSync(spec, JSON.stringify(tinySpec(saveTinyBase(directory), { steps: STEPS, epochs, evaluation })));
  return { spec, root, train: (...more) => start([MAIN, "train", "--spec", spec, "--out", root, ...more]) };
}

const lineOf = ({ code, stdout, stderr }: Ended) => {
  expect(stderr).not.toContain("rror");
  expect(code).toBe(0);
  const line: { key: string; weightsHash: string; steps: number; resumedFrom: number | null } = JSON.parse(stdout);
  return line;
};

/** What the run gives when nothing disturbs it. */
let straight: ReturnType<typeof lineOf>;
const undisturbed = mkdtempSync(join(tmpdir(), "labelfree-test-"));
beforeAll(async () => {
  straight = lineOf(await setUp(undisturbed).train("--json").ended);
}, 60_000);
afterAll(() => rmSync(undisturbed, { recursive: true }));

describe("labelfree train", () => {
  it("prints one line of JSON and nothing else on stdout, and its progress on stderr", async () => {
    const { train } = setUp();
    const ended = await train("--json").ended;
    expect(lineOf(ended)).toMatchObject({
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      weightsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      steps: STEPS,
      totalSteps: STEPS,
      resumedFrom: null,
      hasDiverged: false,
    });
    expect(ended.stdout.trim().split("\n")).toHaveLength(1);
    expect(ended.stderr).toContain(`${STEPS}/${STEPS} (100 %)`);
  });

  it("prints the same line again without training again", async () => {
    const { train, root } = setUp();
    const first = await train("--json").ended;
    const [run] = readdirSync(root);
    const before = readFileSync(join(root, run, "environment.json"), "utf8");
    expect((await train("--json").ended).stdout).toBe(first.stdout);
    expect(readFileSync(join(root, run, "environment.json"), "utf8")).toBe(before);
  });

  it("reads a spec from its input and tells a reader what came out", async () => {
    const { spec, root } = setUp();
    const ended = await start([MAIN, "train", "--spec", "-", "--out", root], { input: readFileSync(spec, "utf8") })
      .ended;
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/accuracy {3}gsm-like: .* before, .* after\n[^]*weights {4}[0-9a-f]{64}\n/),
    });
  });

  it("waits for an input that comes late, as from a pipe", async () => {
    const { spec, root } = setUp();
    const command = `sleep 1; cat ${spec}; sleep 1`;
    const piped = `(${command}) | ${process.execPath} ${MAIN} train --spec - --out ${root} --json`;
    expect(JSON.parse(execFileSync("sh", ["-c", piped], { encoding: "utf8", stdio: "pipe" })).steps).toBe(STEPS);
  });

  it("gives the same key and weights on two threads", async () => {
    const { key, weightsHash } = lineOf(await setUp().train("--json", "--threads", "2").ended);
    expect({ key, weightsHash }).toEqual({ key: straight.key, weightsHash: straight.weightsHash });
  });

  it("prints an example that is a valid, small spec", async () => {
    const { code, stdout } = await start([MAIN, "train", "--example"]).ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(EXAMPLE_SPEC);
    const { data, rollouts, epochs } = toRun(JSON.parse(stdout));
    expect((data.size * epochs) / rollouts.promptsPerStep).toBeLessThanOrEqual(100);
  });
});

describe("labelfree train with wrong input", () => {
  const failure = async (words: readonly string[], input?: string) =>
    start([MAIN, ...words], input === undefined ? {} : { input }).ended;

  it.each([
    ["no command", [], /Usage: labelfree/],
    ["an unknown command", ["trane"], /Did you mean train/],
    ["an unknown option", ["train", "--sped", "x"], /Did you mean --spec/],
    ["no spec", ["train"], /--spec/],
    ["too many threads", ["train", "--threads", "65", "--spec", "x"], /whole number from 1 to 64/],
    ["a spec that is not there", ["train", "--spec", "/no/such.json"], /\/no\/such\.json: there is no such file/],
  ])("ends with 2 and the reason for %s", async (_, words, reason) => {
    const { code, stdout, stderr } = await failure(words);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain("    at "); // no stack
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it.each([
    ["text that is no JSON", "{", /standard input: cannot be read as JSON/],
    ["an empty input", "", /standard input: cannot be read as JSON/],
    ["a wrong field", '{"sed": 1}', /sed: unknown field.*did you mean seed\?/],
    ["several wrong fields", '{"sed": 1, "method": "x"}', /(sed: .*\n.*method: )|(method: .*\n.*sed: )/],
  ])("ends with 2 and the reason for %s", async (_, input, reason) => {
    const { code, stdout, stderr } = await failure(["train", "--spec", "-"], input);
    expect(stderr).toMatch(reason);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("ends with 1 and the reason when the folder cannot be written", async () => {
    const { spec, root } = setUp();
    writeFileSync(root, "a file where the folder should be");
    const { code, stdout, stderr } = await failure(["train", "--spec", spec, "--out", root, "--json"]);
    expect(stderr).toMatch(/runs.*not allowed|runs.*EEXIST/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("an interrupted labelfree train", () => {
  it("killed at random steps, again and again, ends in the weights of a run in one go", async () => {
    const { train, root } = setUp();
    let kills = 0;
    for (let step = 1 + Math.floor(Math.random() * 8); step < STEPS - 3; step += 4 + Math.floor(Math.random() * 10)) {
      const { child, ended } = train("--json");
      await until(() => stepsRecorded(root) >= step || child.exitCode !== null, `step ${step} is done`);
      child.kill("SIGKILL");
      const { signal } = await ended;
      kills += signal === "SIGKILL" ? 1 : 0;
    }
    const last = lineOf(await train("--json").ended);
    expect(last).toMatchObject({ weightsHash: straight.weightsHash, key: straight.key, steps: STEPS });
    expect(kills).toBeGreaterThan(1);
    expect(last.resumedFrom).toBeGreaterThan(0);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "on %s stores a checkpoint, ends with 130 and goes on from there",
    async (signal) => {
      const { train, root } = setUp();
      const { child, ended } = train("--json");
      await until(() => stepsRecorded(root) >= 7, "step 7 is done");
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(stderr).toContain("start it again to go on from there");
      expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
      const stoppedAt = stepsRecorded(root);
      const last = lineOf(await train("--json").ended);
      expect(last).toMatchObject({ weightsHash: straight.weightsHash, resumedFrom: stoppedAt });
    },
  );

  it("started twice at once is trained by one process while the other waits, says so and gives the same result", async () => {
    const { train, root } = setUp(temporaryDirectory(), { epochs: LONG });
    const first = train("--json");
    await until(() => stepsRecorded(root) >= 1, "the first has begun");
    const second = train("--json");
    const [one, two] = await Promise.all([first.ended, second.ended]);
    expect(two.stdout).toBe(one.stdout);
    expect(two.stderr).toContain(`process ${first.child.pid} trains this run; waiting for it`);
    expect(lineOf(one)).toMatchObject({ steps: LONG * STEPS, resumedFrom: null });
  });

  it("whose process is killed hands its run to the one that waits", async () => {
    const { train, root } = setUp(temporaryDirectory(), { epochs: LONG });
    const first = train("--json");
    await until(() => stepsRecorded(root) >= 8, "step 8 is done");
    const second = train("--json");
    await until(() => second.stderr().includes("waiting for it"), "the second waits");
    first.child.kill("SIGKILL");
    expect(await first.ended).toMatchObject({ signal: "SIGKILL" });
    const last = lineOf(await second.ended);
    expect(last.steps).toBe(LONG * STEPS);
    expect(last.resumedFrom).toBeGreaterThanOrEqual(6);
  });
});

function mount(directory: string, kilobytes: number): void {
  mkdirSync(directory);
  execFileSync("sh", ["-c", `mount -t tmpfs -o size=${kilobytes}k tmpfs ${directory}`], { stdio: "ignore" });
}

function unmount(directory: string): void {
  execFileSync("sh", ["-c", `umount --lazy ${directory}`]);
}

function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), "labelfree-test-"));
  try {
    mount(join(directory, "small"), 64);
    unmount(join(directory, "small"));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe.skipIf(!canMount())("on a full disk (skipped where no small file system can be mounted)", () => {
  it("stops with the reason, keeps what it had, and ends in the same weights once there is room", async () => {
    const { spec } = setUp();
    const disk = join(temporaryDirectory(), "small");
    mount(disk, 400);
    onTestFinished(() => unmount(disk));
    const root = join(disk, "runs");
    const again = () => start([MAIN, "train", "--spec", spec, "--out", root, "--json"]);
    const ballast = join(disk, "ballast");

    const first = again();
    await until(() => stepsRecorded(root) >= 8, "step 8 is done");
    execFileSync("sh", ["-c", `cat /dev/zero > ${ballast} 2>/dev/null || true`]);
    const { code, stdout, stderr } = await first.ended;
    expect(stderr).toContain("no space left");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });

    const still = await again().ended;
    expect(still).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("no space left") });

    rmSync(ballast);
    const last = lineOf(await again().ended);
    expect(last.weightsHash).toBe(straight.weightsHash);
    expect(last.resumedFrom).toBeGreaterThanOrEqual(6);
  });
});
