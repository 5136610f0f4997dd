import { describe, expect, test } from "vitest";
import { ansiHtml } from "../../../src/workbook/export/ansi-html.ts";
import { scriptJson } from "../../../src/workbook/export/escape-html.ts";
import { highlightCode } from "../../../src/workbook/export/highlight-code.ts";
import { markdownHtml } from "../../../src/workbook/export/markdown-html.ts";
import { PageIds } from "../../../src/workbook/export/page-ids.ts";
import { imageFor, linkFor } from "../../../src/workbook/export/page-links.ts";
import { freshnessOf } from "../../../src/workbook/export/page-sources.ts";
import { htmlText, safeHtml } from "../../../src/workbook/export/safe-html.ts";

const NOWHERE = { pageOf: () => null, readBeside: () => null };
const markdown = (source: string) => {
  const ids = new PageIds();
  return markdownHtml(source, { idOf: (text) => ids.take(text), linkTo: (href) => linkFor(href, NOWHERE) });
};

describe("HTML of a notebook's", () => {
  test.each([
    ["<script>alert(1)</script>after", "after"],
    ["<SCRIPT src=//evil.example>x</SCRIPT >after", "after"],
    ["<b onclick='alert(1)' style='x' id=y class=z>bold</b>", "<b>bold</b>"],
    ["<img src=x onerror=alert(1)>", "<span>(image)</span>"],
    ["<svg><script>1</script></svg><iframe srcdoc='<p>'></iframe>ok", "ok"],
    ["</div></main><p>still within", "<p>still within</p>"],
    ["<b><i>x</b>y", "<b><i>x</i></b>y"],
    ["a < b & c &lt;script&gt;", "a &lt; b &amp; c &lt;script&gt;"],
    ["<!-- <p>gone --><p>here", "<p>here</p>"],
    ["<a href='javascript:alert(1)'>link</a>", "<a>link</a>"],
    ["<form action=x><input><button>go</button></form>", "go"],
    ["<td title='\"><script>'>x", '<td title="&quot;&gt;&lt;script&gt;">x</td>'],
  ])("%s becomes %s", (html, safe) => {
    expect(safeHtml(html)).toBe(safe);
  });

  test("is read in time that grows with its length alone", () => {
    const start = performance.now();
    safeHtml(`<a ${" ".repeat(50_000)}`);
    safeHtml(`<a ${"x ".repeat(20_000)}<`);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("is searched by what a reader sees", () => {
    expect(htmlText("<p>one <b>t</b>wo</p><p>three &amp; four</p><script>no</script>")).toBe("one two three & four");
  });
});

describe("a link", () => {
  const pageOf = (path: string) => (path === "lessons/vote it.ipynb" ? "lessons-vote-it.html" : null);
  test.each([
    ["https://example.org/a", "https://example.org/a"],
    ["mailto:a@example.org", "mailto:a@example.org"],
    ["#section", "#section"],
    ["lessons/vote%20it.ipynb#by-hand", "lessons-vote-it.html#by-hand"],
    ["javascript:alert(1)", null],
    ["JaVa\tScript:alert(1)", null],
    ["\u0001javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["file:///etc/passwd", null],
    ["//example.org", null],
    ["../src/rl/votes.ts", null],
  ])("to %s leads to %s", (href, target) => {
    expect(linkFor(href, { ...NOWHERE, pageOf })).toBe(target);
  });

  test("is dropped from Markdown where it would run a script, in each of the ways to write it", () => {
    const { html } = markdown(
      "[a](javascript:alert(1)) [b](&#106;avascript:alert(1)) <javascript:alert(1)> <a href=javascript&colon;alert(1)>c</a>\n\n[d][e]\n\n[e]: javascript:alert(1)",
    );
    expect(html).not.toMatch(/href/);
  });
});

describe("an image", () => {
  test("comes from the cell, from beside the notebook or from its own address, never from the web", () => {
    const context = {
      pageOf: () => null,
      readBeside: (path: string) => (path === "a b.png" ? new Uint8Array([1, 2]) : null),
      attachments: { "x.png": { "image/png": "AAAA" } },
    };
    expect(imageFor("attachment:x.png", context)).toBe("data:image/png;base64,AAAA");
    expect(imageFor("a%20b.png", context)).toBe("data:image/png;base64,AQI=");
    expect(imageFor("data:image/png;base64,AAAA", context)).toBe("data:image/png;base64,AAAA");
    for (const src of ["https://example.org/x.png", "//example.org/x.png", "/etc/x.png", "secret.txt", "none.png"]) {
      expect(imageFor(src, context), src).toBeNull();
    }
  });
});

describe("Markdown", () => {
  test("has formulas as HTML and MathML, and dollars that are no formulas as they are", () => {
    const { html, hasMath, texts } = markdown("costs $5 and $6, $x^2$ and\n\n$$\\sum_k k$$\n\nand `$y$`");
    expect(hasMath).toBe(true);
    expect(html.match(/<math /g)).toHaveLength(2);
    expect(html).toContain("costs $5 and $6");
    expect(html).toContain("<code>$y$</code>");
    expect(texts.join(" ")).toContain("x^2");
  });

  test("has a formula that cannot be read as text, and no link out of one", () => {
    const { html } = markdown("$\\frac{$ and $\\href{javascript:alert(1)}{x}$ and $\\nothing$");
    expect(html).not.toMatch(/href="/);
  });

  test("has headings with ids of their own, below which its text is found", () => {
    const { headings, html, texts } = markdown("before\n\n# A $x$\n\none\n\n## 투표\n\ntwo\n\n## 투표");
    expect(headings.map(({ level, id }) => [level, id])).toEqual([
      [1, "a-x"],
      [2, "투표"],
      [2, "투표-2"],
    ]);
    expect(html).toContain('<h2 id="투표-2">');
    expect(texts).toEqual(["before", "one", "two", ""]);
  });
});

describe("code", () => {
  const kinds = (code: string) =>
    [...highlightCode(code).matchAll(/<span class="t-(\w+)">([^<]*)<\/span>/g)].map(([, kind, text]) => [kind, text]);

  test("is told apart by its tokens", () => {
    expect(kinds('const a: number = f(1e3); // "no" string')).toEqual([
      ["keyword", "const"],
      ["type", "number"],
      ["call", "f"],
      ["number", "1e3"],
      ["comment", "// &quot;no&quot; string"],
    ]);
    expect(kinds("x = a / b / 2; y = /[/]`/g.test(z)")).toEqual([
      ["number", "2"],
      ["string", "/[/]`/g"],
      ["call", "test"],
    ]);
    expect(kinds("`a ${f(`b ${1}`)} c`")).toEqual([
      ["string", "`a ${"],
      ["call", "f"],
      ["string", "`b ${"],
      ["number", "1"],
      ["string", "}`"],
      ["string", "} c`"],
    ]);
  });

  test.each(["`", "`${", '"open', "/*", "a</script>", "`${`${", "'\\", "💡 = 1", "# !/"])(
    "%s loses nothing",
    (code) => {
      const text = highlightCode(code).replaceAll(/<[^>]*>/g, "");
      expect(
        text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'"),
      ).toBe(code);
    },
  );
});

describe("a terminal's text", () => {
  test("has its colours, and of a line that was overwritten the last", () => {
    expect(ansiHtml("\u001b[1;31mbad\u001b[0m <ok>")).toBe('<span class="ansi-bold ansi-fg-red">bad</span> &lt;ok&gt;');
    expect(ansiHtml("\u001b[38;5;196mx\u001b[39my\u001b[48;2;1;2;3mz")).toBe(
      '<span style="color:rgb(255,0,0)">x</span>y<span style="background-color:rgb(1,2,3)">z</span>',
    );
    expect(ansiHtml("\u001b[92mx\u001b[22;39my\u001b[2Kz")).toBe('<span class="ansi-fg-bright-green">x</span>yz');
    expect(ansiHtml("10 %\r20 %\r\nnext")).toBe("20 %\nnext");
  });
});

test("JSON in a script element ends no element", () => {
  expect(scriptJson({ text: "</script><!--\u2028" })).toBe('{"text":"\\u003c/script>\\u003c!--\\u2028"}');
});

test("outputs are stale where the code or a rule is another", () => {
  const sources = { scale: "micro", runKeys: ["9f2c41d0aa", "b"], codeHash: "c", ruleHashes: { "claim-1": "r" } };
  const present = { codeHash: "c", ruleHashes: { "claim-1": "r" } };
  expect(freshnessOf(sources, present)).toMatchObject({
    isStale: false,
    text: expect.stringMatching(/^Drawn from 2 runs/),
  });
  const one = { ...sources, runKeys: ["9f2c41d0aa"] };
  expect(freshnessOf(one, { ...present, codeHash: "d" })).toEqual({
    isStale: true,
    text: "Drawn from run 9f2c41d0; source changed since",
  });
  expect(freshnessOf(one, { ...present, ruleHashes: {} }).text).toContain("rule of claim-1 changed since");
});
