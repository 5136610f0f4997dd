import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as dfd from "danfojs-node";
import { expect, test } from "vitest";
import { launchKernel } from "../../../src/kernel/client/launch-kernel.ts";
import { toMimeBundle } from "../../../src/kernel/display/index.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENTRY = join(ROOT, "dist/cli/main.js");

const frame = new dfd.DataFrame(
  { method: ["ttrl", "grpo", "ttrl", null], share: [0.5, 1, NaN, 0.25], seed: [3, 1, 2, 1] },
  { index: ["p", "q", "r", "s"] },
);

function shown(value: unknown): { html: string; text: string } {
  const { data } = toMimeBundle(value);
  return { html: String(data["text/html"]), text: String(data["text/plain"]) };
}

function text(value: unknown): string {
  return shown(value).text;
}

test("a frame is an HTML table with text beside", () => {
  expect(shown(frame).html).toMatchInlineSnapshot(`
    "<table class="labelfree-table">
    <caption style="text-align:left">4 rows × 3 columns</caption>
    <thead><tr><td></td><th scope="col" style="text-align:left">method</th><th scope="col" style="text-align:right">share</th><th scope="col" style="text-align:right">seed</th></tr></thead>
    <tbody>
    <tr><th scope="row">p</th><td style="text-align:left">ttrl</td><td style="text-align:right">0.50</td><td style="text-align:right">3</td></tr>
    <tr><th scope="row">q</th><td style="text-align:left">grpo</td><td style="text-align:right">1.00</td><td style="text-align:right">1</td></tr>
    <tr><th scope="row">r</th><td style="text-align:left">ttrl</td><td style="text-align:right">NaN</td><td style="text-align:right">2</td></tr>
    <tr><th scope="row">s</th><td style="text-align:left"><em>null</em></td><td style="text-align:right">0.25</td><td style="text-align:right">1</td></tr>
    </tbody>
    </table>"
  `);
  expect(shown(frame).text).toMatchInlineSnapshot(`
    "   method  share  seed
    p  ttrl     0.50     3
    q  grpo     1.00     1
    r  ttrl      NaN     2
    s  null     0.25     1
    [4 rows × 3 columns]"
  `);
});

test("a series is a table of one column", () => {
  expect(text(frame.column("seed"))).toMatchInlineSnapshot(`
    "   seed
    p     3
    q     1
    r     2
    s     1
    [4 rows × 1 column]"
  `);
  expect(text(new dfd.Series([0.5, 1]))).toMatchInlineSnapshot(`
    "     0
    0  0.5
    1  1.0
    [2 rows × 1 column]"
  `);
});

test("a frame without rows is an empty table", () => {
  expect(text(new dfd.DataFrame([]))).toBe("\n[0 rows × 0 columns]");
});

test("columns named as members of a frame do not hide it", () => {
  const taken = new dfd.DataFrame({ index: [7], columns: ["c"], shape: [2], values: [null], print: [true] });
  expect(text(taken)).toMatchInlineSnapshot(`
    "   index  columns  shape  values  print
    0      7  c            2  null    true
    [1 row × 5 columns]"
  `);
});

test("a large frame shows its first rows", () => {
  const large = new dfd.DataFrame(Array.from({ length: 12_345 }, (_, i) => [i, i * i]));
  expect(shown(large).html.match(/<tr>/g)?.length).toBe(51);
  expect(text(large)).toContain("[12,345 rows × 2 columns, first 20 rows shown]");
});

test("what danfojs computes works on the stand-in for tfjs-node", async () => {
  const numbers = frame.loc({ columns: ["seed"] });
  expect(numbers.add(1).values).toEqual([[4], [2], [3], [2]]);
  expect(numbers.gt(1).values).toEqual([[true], [false], [true], [false]]);
  expect(frame.column("seed").argMax()).toBe(0);
  expect(new dfd.MinMaxScaler().fitTransform(numbers).values).toEqual([[1], [0], [0.5], [0]]);
  const scaled: number[][] = new dfd.StandardScaler().fitTransform(numbers).values;
  expect(scaled.reduce((sum, [x]) => sum + x * x, 0)).toBeCloseTo(4, 5);
  expect((await frame.resetIndex().sample(3, { seed: 1 })).shape).toEqual([3, 3]);
  expect(numbers.tensor.arraySync()).toEqual(numbers.values);
});

test("frames are described, grouped, sorted and merged", () => {
  expect(text(frame.loc({ columns: ["seed"] }).describe())).toMatchInlineSnapshot(`
    "              seed
    count     4.000000
    mean      1.750000
    std       0.957427
    min       1.000000
    median    1.500000
    max       3.000000
    variance  0.916667
    [7 rows × 1 column]"
  `);
  expect(text(frame.groupby(["method"]).col(["seed"]).mean())).toMatchInlineSnapshot(`
    "   method  seed_mean
    0  ttrl          2.5
    1  grpo          1.0
    2  null          1.0
    [3 rows × 2 columns]"
  `);
  expect(frame.sortValues("seed").index).toEqual(["q", "s", "r", "p"]);
  const years = new dfd.DataFrame({ method: ["ttrl", "grpo"], year: [2025, 2024] });
  expect(text(dfd.merge({ left: frame, right: years, on: ["method"], how: "inner" }))).toMatchInlineSnapshot(`
    "   method  share  seed  year
    0  ttrl      0.5     3  2025
    1  ttrl      NaN     2  2025
    2  grpo      1.0     1  2024
    [3 rows × 4 columns]"
  `);
});

test("a local CSV file is read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "labelfree-danfojs-"));
  try {
    writeFileSync(join(folder, "in.csv"), "step,reward\n1,0.5\n2,0.75\n");
    const read = await dfd.readCSV(join(folder, "in.csv"));
    expect(dfd.toJSON(read)).toEqual([
      { step: 1, reward: 0.5 },
      { step: 2, reward: 0.75 },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a cell that ends with a frame shows the table", async () => {
  const argv = [process.execPath, ENTRY, "kernel", "start", "--no-history", "--connection-file", "{connection_file}"];
  const { client, shutdown } = await launchKernel({ argv, cwd: ROOT });
  try {
    const outputs: { readonly type: string; readonly content: Readonly<Record<string, unknown>> }[] = [];
    const code = 'import * as dfd from "danfojs-node";\nnew dfd.DataFrame({ a: [1, 2], b: ["x", "y"] })';
    const { reply, idle } = client.execute(code, ({ header, content }) =>
      outputs.push({ type: header.msg_type, content }),
    );
    expect((await reply).content).toMatchObject({ status: "ok" });
    await idle;
    expect(outputs.filter(({ type }) => type !== "status" && type !== "execute_input")).toEqual([
      {
        type: "execute_result",
        content: {
          execution_count: 1,
          metadata: {},
          data: {
            "text/html": expect.stringContaining('<table class="labelfree-table">'),
            "text/plain": "   a  b\n0  1  x\n1  2  y\n[2 rows × 2 columns]",
          },
        },
      },
    ]);
  } finally {
    await shutdown();
  }
});
