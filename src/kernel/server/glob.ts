// The patterns of a history search, as SQLite's GLOB has them: `*`, `?` and `[a-z]`, over the whole text. Matched by
// going back to the latest `*` only, so no pattern takes longer than pattern times text.

type Matcher = (character: string) => boolean;

/** A test for texts that match the glob pattern as a whole. */
export function globTest(pattern: string): (text: string) => boolean {
  const parts = toParts(pattern);
  return (text) => matches(parts, text);
}

function toParts(pattern: string): readonly (Matcher | "*")[] {
  const parts: (Matcher | "*")[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    const end = character === "[" ? pattern.indexOf("]", at + 2) : -1;
    if (character === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (character === "?") {
      parts.push(() => true);
    } else if (end > 0) {
      parts.push(classMatcher(pattern.slice(at + 1, end)));
      at = end;
    } else {
      parts.push((other) => other === character);
    }
  }
  return parts;
}

function classMatcher(body: string): Matcher {
  const isNegated = body[0] === "^" || body[0] === "!";
  const members = isNegated ? body.slice(1) : body;
  return (character) => {
    let found = false;
    for (let at = 0; at < members.length; at += 1) {
      if (members[at + 1] === "-" && at + 2 < members.length) {
        found ||= character >= members[at] && character <= members[at + 2];
        at += 2;
      } else {
        found ||= character === members[at];
      }
    }
    return found !== isNegated;
  };
}

function matches(parts: readonly (Matcher | "*")[], text: string): boolean {
  let part = 0;
  let at = 0;
  let star = -1; // index of the latest `*`
  let resume = 0; // where the text after it was last tried
  while (at < text.length) {
    const matcher = parts[part];
    if (matcher === "*") {
      star = part;
      resume = at;
      part += 1;
    } else if (matcher?.(text[at]) === true) {
      part += 1;
      at += 1;
    } else if (star >= 0) {
      part = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (parts[part] === "*") part += 1;
  return part === parts.length;
}
