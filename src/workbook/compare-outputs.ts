// Two lists of outputs by what they say. A chart is its data and its spec, and its drawing is compared only where those
// are the same to the bit; pictures are their pixels; each stream is one text, however it was cut into pieces.

import { stripVTControlCharacters } from "node:util";
import { compareJson } from "./compare-json.ts";
import { compareText } from "./compare-text.ts";
import type { ComparisonRules, Difference } from "./comparison-rules.ts";
import { isJsonMime, type Metadata, type Output } from "./notebook.ts";
import { readPngPixels } from "./png-pixels.ts";

const NOTHING = "nothing";
const MOST_CHARACTERS = 200;
const CHART = /^application\/vnd\.vega(lite)?\.v\d+(\.json|\+json)$/;

/** What differs between a cell's outputs and others of the same cell. */
export function compareOutputs(
  expected: readonly Output[],
  found: readonly Output[],
  rules: ComparisonRules,
): Difference[] {
  const [before, after] = [expected, found].map(withWholeStreams);
  const differences: Difference[] = [];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const [a, b] = [before.at(index), after.at(index)];
    const isOnly = Math.max(before.length, after.length) === 1;
    const where = isOnly ? "" : `output ${index + 1}, `;
    if (a !== undefined && b !== undefined && kindOf(a) === kindOf(b)) {
      differences.push(...compareOutput(where, a, b, rules));
    } else
      differences.push({ what: isOnly ? "output" : `output ${index + 1}`, expected: describe(a), found: describe(b) });
  }
  return differences;
}

function compareOutput(where: string, a: Output, b: Output, rules: ComparisonRules): Difference[] {
  if (a.output_type === "stream" && b.output_type === "stream") {
    return compareText(`${where}${a.name}`, a.text, b.text, rules);
  }
  if (a.output_type === "error" && b.output_type === "error") {
    const [before, after] = [a, b].map(({ ename, evalue }) => `${ename}: ${evalue}`);
    return compareText(`${where}error`, before, after, rules);
  }
  if (!("data" in a && "data" in b)) return [];
  const name = (path: readonly string[]) => [`${where}metadata`, ...path].join(".");
  return [
    ...compareBundles(where, a.data as Metadata, b.data as Metadata, rules),
    ...compareJson(a.metadata, b.metadata, rules, name),
  ];
}

function compareBundles(where: string, expected: Metadata, found: Metadata, rules: ComparisonRules): Difference[] {
  const types = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  const chart = types.find((type) => CHART.test(type) && type in expected && type in found);
  const exact = { ...rules, tolerance: 0 };
  const isOtherChart = chart !== undefined && compareJson(expected[chart], found[chart], exact, () => "").length > 0;
  return types.flatMap((type) => {
    const [a, b] = [expected[type], found[type]];
    const what = where + type;
    if (isOtherChart && type !== chart) return []; // it draws what the spec says, which is told already
    if (a === undefined || b === undefined) {
      return [
        { what, expected: a === undefined ? NOTHING : inShort(a), found: b === undefined ? NOTHING : inShort(b) },
      ];
    }
    return compareContents({ type, what, where }, a, b, rules);
  });
}

function compareContents(
  { type, what, where }: { readonly type: string; readonly what: string; readonly where: string },
  a: unknown,
  b: unknown,
  rules: ComparisonRules,
): Difference[] {
  if (typeof a !== "string" || typeof b !== "string") {
    const isChart = CHART.test(type);
    return compareJson(a, b, rules, (path) =>
      isChart ? `${where}chart${chartPlace(path)}` : [what, ...path].join("."),
    );
  }
  if (type.startsWith("text/")) return compareText(what, a, b, rules);
  if (type === "image/png") return comparePng(what, a, b);
  if (a === b) return [];
  return isJsonMime(type) ? [{ what, expected: inShort(a), found: inShort(b) }] : [firstDifference(what, a, b)];
}

/** ["layer", "0", "data", "values", "3", "accuracy"] as ", layer 1, row 4, accuracy" */
function chartPlace(path: readonly string[]): string {
  const words: string[] = [];
  for (let index = 0; index < path.length; index++) {
    const [key, next] = [path[index], path[index + 1]];
    if (key === "values" && next !== undefined && words.at(-1) === "data") {
      words[words.length - 1] = `row ${Number(next) + 1}`;
      index++;
    } else if (/^\d+$/.test(key) && words.length > 0) words[words.length - 1] += ` ${Number(key) + 1}`;
    else words.push(key);
  }
  return words.map((word) => `, ${word}`).join("");
}

function comparePng(what: string, a: string, b: string): Difference[] {
  const [before, after] = [a, b].map((text) => Buffer.from(text, "base64"));
  if (before.equals(after)) return [];
  const [p, q] = [readPngPixels(before), readPngPixels(after)];
  if (p === null || q === null) {
    return [{ what, expected: `${before.length} bytes`, found: `${after.length} bytes that differ` }];
  }
  if (p.format !== q.format) return [{ what, expected: sizeOf(before), found: `${sizeOf(after)}, or other colours` }];
  const other = p.pixels.reduce((count, byte, index) => count + (byte === q.pixels[index] ? 0 : 1), 0);
  if (other === 0) return [];
  return [{ what, expected: `a picture of ${sizeOf(before)}`, found: `${other} bytes of its pixels differ` }];
}

function sizeOf(png: Buffer): string {
  return `${png.readUInt32BE(16)} x ${png.readUInt32BE(20)}`;
}

function firstDifference(what: string, a: string, b: string): Difference {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const excerpt = (text: string) => (text.length === at ? "the end" : text.slice(Math.max(0, at - 20), at + 60));
  return { what: `${what}, character ${at + 1}`, expected: excerpt(a), found: excerpt(b) };
}

/** Each stream once, where its first piece stands. */
function withWholeStreams(outputs: readonly Output[]): Output[] {
  const whole: Output[] = [];
  for (const output of outputs) {
    const earlier = whole.findIndex((each) => kindOf(each) === kindOf(output) && each.output_type === "stream");
    const stream = whole[earlier];
    if (output.output_type === "stream" && stream?.output_type === "stream") {
      whole[earlier] = { ...stream, text: stream.text + output.text };
    } else whole.push(output);
  }
  return whole;
}

function kindOf(output: Output): string {
  return output.output_type === "stream" ? output.name : output.output_type;
}

function describe(output: Output | undefined): string {
  if (output === undefined) return NOTHING;
  if (output.output_type === "stream") return `${output.name}: ${inShort(output.text)}`;
  if (output.output_type === "error") return `error: ${output.ename}: ${inShort(output.evalue)}`;
  const { "text/plain": plain, ...others } = output.data;
  return `${output.output_type}: ${plain === undefined ? Object.keys(others).join(", ") : inShort(plain)}`;
}

function inShort(value: unknown): string {
  const text = typeof value === "string" ? stripVTControlCharacters(value.trimEnd()) : JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
