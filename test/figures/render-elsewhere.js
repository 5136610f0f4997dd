// Draws the example figure in a process of its own and prints the hashes of its bytes; run by render.test.ts.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const importTypeScript = async (/** @type {string} */ path) =>
  (await runnerImport(fileURLToPath(new URL(path, import.meta.url)), { configFile: false, logLevel: "error" })).module;

const { renderSvg, renderPng } = await importTypeScript("../../src/figures/render.ts");
const { hashBytes } = await importTypeScript("../../src/core/hash.ts");
const { exampleSpec, exampleProvenance } = await importTypeScript("./example-spec.ts");

const svg = await renderSvg(exampleSpec(), { provenance: exampleProvenance });
console.log(JSON.stringify({ svg: hashBytes(svg), png: hashBytes(renderPng(svg)) }));
