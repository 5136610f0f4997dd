import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readJsonFile, writeError, writeFileAtomic } from "../../src/core/atomic-file.ts";

const failing = vi.hoisted((): { call: string; code: string } => ({ call: "", code: "" }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const failIf = (call: string) => {
    if (failing.call === call)
      throw Object.assign(new Error(`${failing.code}: ${call} failed`), { code: failing.code });
  };
  return {
    ...fs,
    writeFileSync: (...args: Parameters<typeof fs.writeFileSync>) => {
      if (typeof args[0] === "number" && failing.call === "write") fs.writeFileSync(args[0], "a part of");
      failIf("write");
      fs.writeFileSync(...args);
    },
    fsyncSync: (descriptor: number) => {
      failIf("fsync");
      fs.fsyncSync(descriptor);
    },
    renameSync: (from: string, to: string) => {
      failIf("rename");
      fs.renameSync(from, to);
    },
  };
});

let directory: string;
beforeEach(() => {
  failing.call = "";
  directory = mkdtempSync(join(tmpdir(), "atomic-file-"));
});
afterEach(() => {
  failing.call = "";
  rmSync(directory, { recursive: true });
});

test("a file is created, then replaced, and no temporary file stays", () => {
  const path = join(directory, "a.json");
  writeFileAtomic(path, "first, é");
  expect(readFileSync(path, "utf8")).toBe("first, é");
  writeFileAtomic(path, new Uint8Array([1, 0, 255]));
  expect([...readFileSync(path)]).toEqual([1, 0, 255]);
  expect(readdirSync(directory)).toEqual(["a.json"]);
});

test.each([
  ["write", "ENOSPC", "file/no-space"],
  ["fsync", "ENOSPC", "file/no-space"],
  ["write", "EDQUOT", "file/no-space"],
  ["rename", "EACCES", "file/not-writable"],
  ["rename", "EROFS", "file/not-writable"],
  ["rename", "EPERM", "file/not-writable"],
  ["fsync", "EIO", "file/not-written"],
])("when %s fails with %s the old file is whole, the temporary is gone and the code is %s", (call, system, code) => {
  const path = join(directory, "old.txt");
  writeFileAtomic(path, "old");
  Object.assign(failing, { call, code: system });
  expect(() => writeFileAtomic(path, "new")).toThrow(expect.objectContaining({ code, fields: { path, system } }));
  failing.call = "";
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(directory)).toEqual(["old.txt"]);
});

test("a path below a file, a directory as target and a missing directory are told apart", () => {
  const file = join(directory, "file");
  writeFileSync(file, "x");
  mkdirSync(join(directory, "target"));
  expect(() => writeFileAtomic(join(file, "a"), "")).toThrow(expect.objectContaining({ code: "file/not-writable" }));
  expect(() => writeFileAtomic(join(directory, "target"), "")).toThrow(
    expect.objectContaining({ code: "file/not-writable" }),
  );
  expect(() => writeFileAtomic(join(directory, "none", "a"), "")).toThrow(`no directory ${join(directory, "none")}`);
  expect(readdirSync(directory).sort()).toEqual(["file", "target"]);
});

test.skipIf(process.getuid?.() === 0)("a read-only directory is reported (skipped for root, who may write all)", () => {
  chmodSync(directory, 0o500);
  expect(() => writeFileAtomic(join(directory, "a"), "")).toThrow(
    expect.objectContaining({ code: "file/not-writable" }),
  );
  chmodSync(directory, 0o700);
});

test("each message names the path, the system's code and a next step", () => {
  const cause = (code: string) => Object.assign(new Error(code), { code });
  expect(writeError("/a/b", cause("ENOSPC")).message).toContain("write /a/b: no space left (ENOSPC); free some space");
  expect(writeError("/a/b", cause("EROFS")).message).toContain("write /a/b: not allowed (EROFS); choose a path");
  expect(writeError("/a/b", cause("ENOENT")).message).toBe("write /a/b: there is no directory /a; create it first");
  expect(writeError("/a/b", "odd")).toMatchObject({ code: "file/not-written", cause: "odd" });
});

test("a JSON file is read back, and a missing or broken one is told apart", () => {
  const path = join(directory, "a.json");
  writeFileAtomic(path, '{"a": [1, null]}');
  expect(readJsonFile(path)).toEqual({ a: [1, null] });
  const missing = join(directory, "b.json");
  expect(() => readJsonFile(missing)).toThrow(expect.objectContaining({ code: "file/unreadable" }));
  expect(() => readJsonFile(missing)).toThrow(`read ${missing}: there is no such file`);
  expect(() => readJsonFile(directory)).toThrow("cannot be read (EISDIR)");
  writeFileSync(path, '{"a": [1');
  expect(() => readJsonFile(path)).toThrow(expect.objectContaining({ code: "file/not-json", fields: { path } }));
  writeFileSync(path, "\n");
  expect(() => readJsonFile(path)).toThrow(`read ${path}: got an empty file, expected JSON`);
});
