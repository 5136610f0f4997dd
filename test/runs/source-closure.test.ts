import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../src/runs/package-root.ts";
import { checkBuild, closureOf, importsOf, sourceClosure } from "../../src/runs/source-closure.ts";
import { temporaryDirectory } from "./tiny-base.ts";

const pathsOf = (closure: { files: readonly { path: string }[] }) => closure.files.map(({ path }) => path);

function writeTree(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe("the sources behind a run", () => {
  it("include trainer, methods' loss, policy, device, its thread, task and random numbers", () => {
    expect(pathsOf(sourceClosure())).toEqual(
      expect.arrayContaining([
        "src/core/random.ts",
        "src/device/wasm/thread.js",
        "src/device/wasm/wasm-device.ts",
        "src/model/policy.ts",
        "src/rl/policy-loss.ts",
        "src/rl/trainer.ts",
        "src/runs/assemble-training.ts",
        "src/tasks/micro/micro-task.ts",
        "src/tasks/micro/world.ts",
      ]),
    );
  });

  it("leave out what no run reaches: command line, figures, findings, pre-training corpus, records", () => {
    const paths = pathsOf(sourceClosure());
    expect(paths.filter((path) => /^src\/(cli|figures|findings)\//.test(path))).toEqual([]);
    expect(paths).not.toContain("src/runs/environment.ts");
    expect(paths).not.toContain("src/runs/launcher.ts");
  });

  it("change their hash when one of them changes, and only then", () => {
    const root = temporaryDirectory();
    cpSync(packagePath("src"), join(root, "src"), { recursive: true });
    const closure = closureOf(root, ["src/rl/trainer.ts"]);
    expect(closureOf(packagePath(), ["src/rl/trainer.ts"])).toEqual(closure);

    writeFileSync(join(root, "src/rl/unrelated.ts"), "export const unrelated = 1;\n");
    expect(closureOf(root, ["src/rl/trainer.ts"])).toEqual(closure);

    for (const { path } of closure.files) {
      const text = readFileSync(join(root, path), "utf8");
      writeFileSync(join(root, path), `${text}\n`);
      expect(closureOf(root, ["src/rl/trainer.ts"]).sha256, path).not.toBe(closure.sha256);
      writeFileSync(join(root, path), text);
    }
  });

  it("have the same hash with the line ends of Windows", () => {
    const unix = writeTree({ "a.ts": 'import "./b.ts";\nconst a = 1;\n', "b.ts": "\n" });
    const windows = writeTree({ "a.ts": 'import "./b.ts";\r\nconst a = 1;\r\n', "b.ts": "\r\n" });
    expect(closureOf(windows, ["a.ts"])).toEqual(closureOf(unix, ["a.ts"]));
  });

  it("follow imports through circles and to other folders", () => {
    const root = writeTree({
      "src/a/one.ts": 'import { two } from "../b/two.ts";\n',
      "src/b/two.ts": 'export { one } from "../a/one.ts";\nexport * from "./three.ts";\n',
      "src/b/three.ts": "export const three = 3;\n",
      "src/b/four.ts": "export const four = 4;\n",
    });
    expect(pathsOf(closureOf(root, ["src/a/"]))).toEqual(["src/a/one.ts", "src/b/three.ts", "src/b/two.ts"]);
  });

  it("name an import that leads nowhere", () => {
    const root = writeTree({ "a.ts": 'import "./gone.ts";\n' });
    expect(() => closureOf(root, ["a.ts"])).toThrow(expect.objectContaining({ code: "source/missing" }));
  });
});

describe("importsOf", () => {
  it("sees every form that survives compilation and no form that does not", () => {
    const text = `
import "./side-effect.ts";
import { a, type B } from "./named.ts";
import {
  c,
  d,
} from "./over-lines.ts";
import * as e from "./star.ts";
import f from "node:fs";
export { g } from "./again.ts";
export * from "./all.ts";
import type { H } from "./types.ts";
export type { I } from "./more-types.ts";
import type {
  J,
} from "./types-over-lines.ts";
// import { k } from "./comment.ts";
const l = await import("./when-called.ts");
new Worker(new URL("./thread.ts", import.meta.url));
export const m = "./text.ts";
`;
    expect(importsOf(text)).toEqual([
      "./side-effect.ts",
      "./named.ts",
      "./over-lines.ts",
      "./star.ts",
      "node:fs",
      "./again.ts",
      "./all.ts",
      "./when-called.ts",
      "./thread.ts",
    ]);
  });
});

describe("a build", () => {
  const source = "export const a = 1;\n";
  const map = (content: string) => JSON.stringify({ version: 3, sources: ["../src/a.ts"], sourcesContent: [content] });
  const check = (files: Readonly<Record<string, string>>) => () => {
    const root = writeTree({ "src/a.ts": source, ...files });
    checkBuild(root, closureOf(root, ["src/a.ts"]));
  };

  it("passes when it was made from the sources that lie beside it", () => {
    expect(check({ "dist/a.js.map": map(source) })).not.toThrow();
  });

  it("is refused when the sources have changed since, with what to do", () => {
    expect(check({ "dist/a.js.map": map("export const a = 2;\n") })).toThrow(/src\/a\.ts; run npm run build/);
  });

  it("is refused when a source file is new", () => {
    expect(check({})).toThrow(expect.objectContaining({ code: "source/stale-build" }));
  });
});
