import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { kernelsDirectory, searchedDirectories } from "../../../src/kernel/install/jupyter-directories.ts";
import { installKernelspec, listKernelspecs, uninstallKernelspec } from "../../../src/kernel/install/kernelspec.ts";

const root = mkdtempSync(join(tmpdir(), "labelfree-install-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let kernels = "";
let count = 0;
beforeEach(() => {
  kernels = join(root, String(count++), "kernels");
});

const options = { name: "ts", displayName: "TS", env: { A: "b=c" }, entry: "/opt/main.js", startOptions: ["--x", "1"] };
const readSpec = (directory: string) => JSON.parse(readFileSync(join(directory, "kernel.json"), "utf8"));

describe("a kernelspec", () => {
  test("starts this very Node with the entry, and is interrupted by message", () => {
    const directory = installKernelspec(kernels, options);
    expect(directory).toBe(join(kernels, "ts"));
    expect(readSpec(directory)).toEqual({
      argv: [process.execPath, "/opt/main.js", "kernel", "start", "--connection-file", "{connection_file}", "--x", "1"],
      display_name: "TS",
      language: "typescript",
      interrupt_mode: "message",
      kernel_protocol_version: "5.5",
      env: { A: "b=c" },
      metadata: { labelfree: true, debugger: true },
    });
    expect(existsSync(join(directory, "logo-svg.svg"))).toBe(true);
  });

  test("is replaced by installing again, and listed with what it misses", () => {
    installKernelspec(kernels, options);
    installKernelspec(kernels, { ...options, displayName: "New" });
    expect(listKernelspecs([kernels, join(root, "nowhere")])).toEqual([
      { name: "ts", displayName: "New", directory: join(kernels, "ts"), missing: ["/opt/main.js"] },
    ]);
  });

  test("of someone else is neither replaced, removed nor listed", () => {
    const directory = join(kernels, "ts");
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "kernel.json"), '{"argv":["python"],"display_name":"Py"}');
    expect(() => installKernelspec(kernels, options)).toThrow("choose another --name");
    expect(() => uninstallKernelspec(kernels, "ts")).toThrow("not one of labelfree's");
    expect(listKernelspecs([kernels])).toEqual([]);
    expect(readSpec(directory).display_name).toBe("Py");
  });

  test("is gone after uninstall; what is not there cannot be uninstalled", () => {
    const directory = installKernelspec(kernels, options);
    expect(uninstallKernelspec(kernels, "ts")).toBe(directory);
    expect(existsSync(directory)).toBe(false);
    expect(() => uninstallKernelspec(kernels, "ts")).toThrow("there is no kernel ts");
    expect(() => uninstallKernelspec(kernels, "../kernels")).toThrow("there is no kernel");
  });

  test("needs a name that Jupyter accepts", () => {
    for (const name of ["", "a b", "../up", "é"]) {
      expect(() => installKernelspec(kernels, { ...options, name })).toThrow("--name");
    }
  });
});

describe("the folder of kernels", () => {
  const at = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = "linux") => ({ env, platform, home: "/home/ada" });

  test("of a user is Jupyter's own", () => {
    expect(kernelsDirectory({ kind: "user" }, at({}))).toBe("/home/ada/.local/share/jupyter/kernels");
    expect(kernelsDirectory({ kind: "user" }, at({ XDG_DATA_HOME: "/d" }))).toBe("/d/jupyter/kernels");
    expect(kernelsDirectory({ kind: "user" }, at({ JUPYTER_DATA_DIR: "/j", XDG_DATA_HOME: "/d" }))).toBe("/j/kernels");
    expect(kernelsDirectory({ kind: "user" }, at({}, "darwin"))).toBe("/home/ada/Library/Jupyter/kernels");
  });

  test("of an environment follows venv, conda, or where jupyter lies", () => {
    const place = { kind: "sys-prefix" } as const;
    expect(kernelsDirectory(place, at({ VIRTUAL_ENV: "/venv" }))).toBe("/venv/share/jupyter/kernels");
    expect(kernelsDirectory(place, at({ CONDA_PREFIX: "/conda" }))).toBe("/conda/share/jupyter/kernels");
    mkdirSync(join(root, "env", "bin"), { recursive: true });
    writeFileSync(join(root, "env", "bin", "jupyter"), "");
    const found = kernelsDirectory(place, at({ PATH: `/nowhere:${join(root, "env", "bin")}` }));
    expect(found).toBe(join(root, "env", "share", "jupyter", "kernels"));
    expect(() => kernelsDirectory(place, at({ PATH: "/nowhere" }))).toThrow("use --user or --prefix");
  });

  test("below a prefix is absolute", () => {
    expect(kernelsDirectory({ kind: "prefix", directory: "p" }, at({}))).toBe(
      join(process.cwd(), "p", "share", "jupyter", "kernels"),
    );
  });

  test("is searched in Jupyter's order, each once", () => {
    const searched = searchedDirectories(at({ JUPYTER_PATH: "/a:/b", VIRTUAL_ENV: "/v", CONDA_PREFIX: "/v" }));
    expect(searched).toEqual([
      "/a/kernels",
      "/b/kernels",
      "/home/ada/.local/share/jupyter/kernels",
      "/v/share/jupyter/kernels",
      "/usr/local/share/jupyter/kernels",
      "/usr/share/jupyter/kernels",
    ]);
  });
});
