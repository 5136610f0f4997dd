import ts from "typescript-6";

/** A JSDoc comment as Markdown: its text, then one line per tag, examples as code. */
export function documentationText(
  parts: readonly ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined,
): string {
  const lines = (tags ?? []).map(tagText).filter((line) => line !== "");
  return [linkedText(parts), lines.join("\n\n")].filter((text) => text !== "").join("\n\n");
}

function tagText({ name, text: parts }: ts.JSDocTagInfo): string {
  const text = linkedText(parts);
  if (name === "example") return `*@example*\n${text.includes("```") ? text : `\`\`\`ts\n${text}\n\`\`\``}`;
  if (name === "param" || name === "template") {
    const match = /^(\S+)\s*(?:-\s*)?([^]*)$/.exec(text);
    if (match !== null) return `*@${name}* \`${match[1]}\`${match[2] === "" ? "" : ` ${match[2]}`}`;
  }
  return text === "" ? `*@${name}*` : `*@${name}* ${text}`;
}

/** Text of a comment with its {@link}s as Markdown. */
function linkedText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = ts.displayPartsToString(parts ? [...parts] : []);
  return text
    .replace(/\{@link(?:code|plain)?\s+(https?:\/\/[^\s|}]+)[\s|]*([^}]*)\}/g, (_, address: string, title: string) =>
      title === "" ? `<${address}>` : `[${title}](${address})`,
    )
    .replace(/\{@link(?:code|plain)?\s+([^}]+?)\s*\}/g, "`$1`")
    .trim();
}
