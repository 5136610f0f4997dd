import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { launchKernel } from "../../../src/kernel/client/launch-kernel.ts";

const MODULE = fileURLToPath(new URL("../../../src/kernel/install/papermill", import.meta.url));
const ENTRY = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "labelfree-papermill-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function python(code: string, paths: readonly string[] = []): string {
  const env = { ...process.env, PYTHONPATH: [MODULE, ...paths].join(":"), PYTHONDONTWRITEBYTECODE: "1" };
  return execFileSync("python3", ["-c", code], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function has(program: string, ...options: readonly string[]): boolean {
  try {
    execFileSync(program, options, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const CELL = (parameters: string) => `import labelfree_papermill as l; print(l.parameters_cell(${parameters}), end="")`;

const hasPython = has("python3", "--version");
describe.skipIf(!hasPython)(`papermill's parameters${hasPython ? "" : " (skipped: no python3)"}`, () => {
  test("become declarations under papermill's comment", () => {
    expect(python(CELL(`{"seeds": 5, "label": "a", "quick": True, "none": None}`))).toBe(
      '// Parameters\nlet seeds = 5;\nlet label = "a";\nlet quick = true;\nlet none = null;\n',
    );
  });

  test("keep their values", () => {
    const parameters = `{"texts": ['"\\\\ \\n', "\\u2028 é 😀", "\${x} \`"], "numbers": [0.1, -1e-300, 1e22, 2**53 - 1],
      "odd": [float("nan"), float("-inf"), 2**64], "nested": {"a b": {"__proto__": [1, (2, 3)], "": {}}}}`;
    const code = python(CELL(parameters));
    const values = runInNewContext(`${code}; ({ texts, numbers, odd, nested })`);
    expect(JSON.parse(JSON.stringify(values.texts))).toEqual(['"\\ \n', "\u2028 é 😀", "${x} `"]);
    expect([...values.numbers]).toEqual([0.1, -1e-300, 1e22, Number.MAX_SAFE_INTEGER]);
    expect([...values.odd]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, 2n ** 64n]);
    expect(JSON.stringify(values.nested)).toBe('{"a b":{"__proto__":[1,[2,3]],"":{}}}');
  });

  test("with a name that is no variable's are refused", () => {
    expect(() => python(CELL(`{"no name": 1}`))).toThrow("parameter 'no name': expected a name");
  });

  test("replace those of a parameters cell, constants too", async () => {
    const argv = [process.execPath, ENTRY, "kernel", "start", "--no-history", "--connection-file", "{connection_file}"];
    const { client, shutdown } = await launchKernel({ argv, cwd: scratch });
    try {
      await client.execute("const seeds = 3;\nlet label = 'usual';").idle;
      await client.execute(python(CELL(`{"seeds": 5, "label": None}`))).idle;
      const { content } = await client.execute("", undefined, { user_expressions: { got: "[seeds, label].join()" } })
        .reply;
      expect(content.user_expressions).toMatchObject({
        got: { data: { "text/plain": expect.stringContaining("5,") } },
      });
    } finally {
      await shutdown();
    }
  });

  test("are asked for through the registry, here a stand-in for papermill's", () => {
    mkdirSync(join(scratch, "papermill"));
    writeFileSync(join(scratch, "papermill", "__init__.py"), "");
    writeFileSync(
      join(scratch, "papermill", "translators.py"),
      `class Translator:
    @classmethod
    def codify(cls, parameters, comment): raise NotImplementedError

class Registry(dict):
    def register(self, language, translator): self[language] = translator

papermill_translators = Registry()
`,
    );
    const code = `import labelfree_papermill
from papermill.translators import papermill_translators
print(papermill_translators["typescript"].codify({"n": 1}, comment="Injected"), end="")`;
    expect(python(code, [scratch])).toBe("// Injected\nlet n = 1;\n");
  });

  const hasPapermill = hasPython && has("python3", "-c", "import papermill");
  test.skipIf(!hasPapermill)(`are asked for by papermill${hasPapermill ? "" : " (skipped: no papermill)"}`, () => {
    const code = `import labelfree_papermill
from papermill.translators import translate_parameters
print(translate_parameters("labelfree", "typescript", {"n": 1, "path": "a"}, "Parameters"), end="")`;
    expect(python(code)).toBe('// Parameters\nlet n = 1;\nlet path = "a";\n');
  });
});
