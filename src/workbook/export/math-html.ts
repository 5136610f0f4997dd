import katex from "katex";

/** A formula as HTML for the eye and MathML for everything else; one that KaTeX cannot read stays as text, marked. */
export function mathHtml(tex: string, displayMode: boolean): string {
  // trust: false refuses links, images and classes in formulas
  return katex.renderToString(tex, {
    displayMode,
    throwOnError: false,
    strict: "ignore",
    trust: false,
    maxExpand: 1000,
  });
}
