import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownIdentity, stateOfProcess } from "../../src/runs/process-identity.ts";
import { lockRun, type RunLock, tryLock } from "../../src/runs/run-lock.ts";
import { temporaryDirectory } from "./tiny-base.ts";

function take(directory: string): RunLock {
  const taken = tryLock(directory);
  if ("holder" in taken) throw new Error(`held by ${taken.holder.pid}`);
  return taken;
}

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid as number;
}

describe("the lock of a run directory", () => {
  it("is held by one taker at a time and free after its release", () => {
    const directory = temporaryDirectory();
    const lock = take(directory);
    expect(tryLock(directory)).toMatchObject({ holder: { pid: process.pid } });
    lock.release();
    take(directory).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is taken over from a process that is gone", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.json"), JSON.stringify({ ...ownIdentity(), pid: await endedPid() }));
    take(directory).assertHeld();
    expect(readdirSync(directory)).toEqual(["lock.json"]);
  });

  it("is taken over when another process has got the pid of the holder", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.json"), JSON.stringify({ ...ownIdentity(), started: "long ago" }));
    expect(take(directory).assertHeld).not.toThrow();
  });

  it.each(["", "{", "null", "{}", '{"pid":1}'])("is taken over when it reads %j, which no lock does", (content) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.json"), content);
    expect(take(directory).assertHeld).not.toThrow();
  });

  it("is respected when another machine holds it, for nobody can tell from here", () => {
    const directory = temporaryDirectory();
    const holder = { ...ownIdentity(), pid: 1, machine: "another" };
    writeFileSync(join(directory, "lock.json"), JSON.stringify(holder));
    expect(tryLock(directory)).toEqual({ holder });
  });

  it("tells its holder when it was taken away, and leaves the other's lock alone", () => {
    const directory = temporaryDirectory();
    const lock = take(directory);
    writeFileSync(join(directory, "lock.json"), "other");
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining({ code: "run/lock-lost" }));
    lock.release();
    expect(readFileSync(join(directory, "lock.json"), "utf8")).toBe("other");
  });

  it("is waited for, with one notice", async () => {
    const directory = temporaryDirectory();
    const lock = take(directory);
    const notices: string[] = [];
    const second = lockRun(directory, { onNotice: (text) => notices.push(text) });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(notices).toEqual([expect.stringContaining(`process ${process.pid} trains this run`)]);
    lock.release();
    (await second).release();
    expect(existsSync(join(directory, "lock.json"))).toBe(false);
  });

  it("is no longer waited for after the signal to stop", async () => {
    const directory = temporaryDirectory();
    take(directory);
    const stopping = new AbortController();
    const second = lockRun(directory, { signal: stopping.signal });
    stopping.abort();
    await expect(second).rejects.toMatchObject({ code: "run/interrupted" });
  });
});

describe("the identity of a process", () => {
  it("is alive for this one, gone for one that ended, and names no host", async () => {
    expect(stateOfProcess(ownIdentity())).toBe("alive");
    expect(stateOfProcess({ ...ownIdentity(), pid: await endedPid() })).toBe("gone");
    expect(ownIdentity().machine).toMatch(/^[0-9a-f]{16}$/);
  });

  it.skipIf(process.platform !== "linux")(
    "is gone for a process that ended and that nobody has waited for",
    async () => {
      // the shell starts a child and becomes a program that never waits; when the child ends it is a zombie
      const shell = spawn("bash", ["-c", "sleep 0.5 & echo $!; exec sleep 60"]);
      const [output] = await once(shell.stdout, "data");
      const zombie = Number(String(output));
      await expect.poll(() => readFileSync(`/proc/${zombie}/stat`, "utf8"), { timeout: 10_000 }).toContain(") Z ");
      expect(stateOfProcess({ ...ownIdentity(), pid: zombie, started: "some time" })).toBe("gone");
      shell.kill("SIGKILL");
    },
  );
});
