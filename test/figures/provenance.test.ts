import { expect, test } from "vitest";
import { crc32 } from "../../src/figures/crc32.ts";
import { readPngText, writePngText } from "../../src/figures/png-text.ts";
import { createProvenance, readProvenance } from "../../src/figures/provenance.ts";
import { renderPng, renderSvg } from "../../src/figures/render.ts";
import { exampleProvenance, exampleSpec } from "./example-spec.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("provenance comes back whole from the SVG and from the PNG made of it", async () => {
  const svg = await renderSvg(exampleSpec(), { provenance: exampleProvenance });
  expect(readProvenance(bytesOf(svg))).toEqual(exampleProvenance);
  expect(readProvenance(renderPng(svg))).toEqual(exampleProvenance);
});

test("a figure without provenance says so", async () => {
  const svg = await renderSvg(exampleSpec());
  expect(readProvenance(bytesOf(svg))).toBeNull();
  expect(readProvenance(renderPng(svg))).toBeNull();
});

test("other bytes are not taken for a figure", () => {
  expect(() => readProvenance(bytesOf("step,reward\n1,0.5\n"))).toThrow(/expected an SVG or a PNG/);
});

test("run keys are sorted and named once, and the package's version is filled in", () => {
  const made = createProvenance({ scale: "micro", runKeys: ["b", "a", "b"], codeHash: "c", ruleHashes: {} });
  expect(made.runKeys).toEqual(["a", "b"]);
  expect(made.labelfreeVersion).toMatch(/^\d+\.\d+\.\d+/);
});

test("the text chunk has the right checksum and leaves every other byte alone", async () => {
  const png = renderPng(await renderSvg(exampleSpec()));
  const written = writePngText(png, "key", "text with − and <&>");
  expect(readPngText(written, "key")).toBe("text with − and <&>");
  expect(readPngText(written, "other")).toBeNull();
  const view = new DataView(written.buffer);
  const length = view.getUint32(33);
  expect(view.getUint32(33 + 8 + length)).toBe(crc32(written.subarray(37, 41 + length)));
  expect([...written.subarray(0, 33)]).toEqual([...png.subarray(0, 33)]);
  expect(Buffer.compare(written.subarray(33 + 12 + length), png.subarray(33))).toBe(0);
});

test("CRC-32 agrees with the published check value and with that of an empty IEND chunk", () => {
  expect(crc32(bytesOf("123456789"))).toBe(0xcbf43926);
  expect(crc32(bytesOf("IEND"))).toBe(0xae426082);
});
