import * as aq from "arquero";
import { expect, test } from "vitest";
import { toMimeBundle } from "../../../src/kernel/display/index.ts";

function shown(value: unknown): { html: string; text: string } {
  const { data } = toMimeBundle(value);
  return { html: String(data["text/html"]), text: String(data["text/plain"]) };
}

test("an arquero table is an HTML table with text beside", () => {
  const table = aq.table({ name: ["a", null], score: [1.25, 10], when: [new Date(0), new Date(1500)] });
  expect(shown(table).html).toMatchInlineSnapshot(`
    "<table class="labelfree-table">
    <caption style="text-align:left">2 rows × 3 columns</caption>
    <thead><tr><th scope="col" style="text-align:left">name</th><th scope="col" style="text-align:right">score</th><th scope="col" style="text-align:left">when</th></tr></thead>
    <tbody>
    <tr><td style="text-align:left">a</td><td style="text-align:right">1.25</td><td style="text-align:left">1970-01-01</td></tr>
    <tr><td style="text-align:left"><em>null</em></td><td style="text-align:right">10.00</td><td style="text-align:left">1970-01-01T00:00:01.500Z</td></tr>
    </tbody>
    </table>"
  `);
  expect(shown(table).text).toMatchInlineSnapshot(`
    "name  score  when
    a      1.25  1970-01-01
    null  10.00  1970-01-01T00:00:01.500Z
    [2 rows × 3 columns]"
  `);
});

test("names and values of cells are escaped", () => {
  const { html } = shown(aq.table({ "<img>": ["<script>alert('&\"')</script>"] }));
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;");
  expect(html).toContain('<th scope="col" style="text-align:left">&lt;img&gt;</th>');
});

test("rows and columns are capped with a note", () => {
  const wide = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`c${i}`, Array.from({ length: 1234 }, () => i)]),
  );
  const { html, text } = shown(aq.table(wide));
  expect(html).toContain("1,234 rows × 60 columns, first 50 rows shown, first 40 columns shown");
  expect(html.match(/<tr>/g)?.length).toBe(51);
  expect(html.match(/<th /g)?.length).toBe(40);
  expect(text).toContain("[1,234 rows × 60 columns, first 20 rows shown, first 40 columns shown]");
});

test("a filtered and ordered table shows its own rows", () => {
  const table = aq
    .table({ x: [3, 1, 2] })
    .filter("d => d.x > 1")
    .orderby("x");
  expect(shown(table).text).toBe("x\n2\n3\n[2 rows × 1 column]");
});

test("an empty table keeps its header", () => {
  expect(shown(aq.table({ x: [] })).text).toBe("x\n[0 rows × 1 column]");
});

test("numbers of a column share their decimals and long texts are cut", () => {
  const { text } = shown(aq.table({ x: [1, 0.5, 1 / 3, NaN, 1e-9], s: ["y".repeat(500), "", "", "", "line\nbreak"] }));
  expect(text.split("\n").map((line) => line.slice(0, 8))).toEqual([
    "       x",
    "1.000000",
    "0.500000",
    "0.333333",
    "     NaN",
    "    1e-9",
    "[5 rows ",
  ]);
  expect(text).toContain(`${"y".repeat(120)}…`);
  expect(text).toContain("line break");
});

/** The members of danfojs's NDframe that count. */
class DataFrame {
  readonly columns = ["a", "<b>"];
  readonly index = ["r1", "r2"];
  readonly shape = [2, 2];
  get values() {
    return [
      [1, "x"],
      [2.5, null],
    ];
  }
  print() {}
}

test("a danfojs frame shows its index as row headers", () => {
  const { html, text } = shown(new DataFrame());
  expect(html).toContain('<td></td><th scope="col" style="text-align:right">a</th>');
  expect(html).toContain('<tr><th scope="row">r2</th><td style="text-align:right">2.5</td>');
  expect(html).toContain("&lt;b&gt;");
  expect(text).toMatchInlineSnapshot(`
    "      a  <b>
    r1  1.0  x
    r2  2.5  null
    [2 rows × 2 columns]"
  `);
});

test("a danfojs series is a table of one column", () => {
  const series = { columns: ["v"], index: [0, 1], shape: [2], values: [7, 8], print() {} };
  expect(shown(series).text).toBe("   v\n0  7\n1  8\n[2 rows × 1 column]");
});
