// Which written answers mean the same number: 0.5, .50, 1/2, \frac{1}{2} and \frac12 are one class, named by the reduced
// fraction. Read are whole numbers, decimals and fractions of two of them, with a sign, thousands commas (1,000 or 10,\!080)
// and dollar signs around; all in exact arithmetic. A percentage is a class of its own (50% is neither 0.5 nor 50: public
// graders differ), other units, roots, tuples and mixed numbers are left alone: their class is their own trimmed text.

const SIGN = String.raw`[+-]?`;
const NUMBER = String.raw`(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+`;
const SIGNED = String.raw`${SIGN}\s*(?:${NUMBER})`;
// \frac12 takes single digits as they stand
const PART = String.raw`\s*(?:\{\s*(${SIGNED})\s*\}|(\d))`;

const PLAIN = new RegExp(String.raw`^(${SIGN})\s*(${NUMBER})$`);
const SLASH = new RegExp(String.raw`^(${SIGN})\s*(${NUMBER})\s*/\s*(${SIGNED})$`);
const FRAC = new RegExp(String.raw`^(${SIGN})\s*\\[dt]?frac${PART}${PART}$`);
const PERCENT = /\s*\\?%$/;

interface Rational {
  readonly numerator: bigint;
  /** Not negative; 0 where a fraction divides by 0. */
  readonly denominator: bigint;
}

/** The class of an answer: equal for answers that mean the same number, and a written form of the class itself. */
export function answerClass(answer: string): string {
  const text = withoutDollars(answer.trim());
  const plain = text.replaceAll("\u2212", "-").replaceAll(",\\!", ",").replaceAll("{,}", ",");
  const value = parse(plain.replace(PERCENT, ""));
  if (value === undefined || value.denominator === 0n) return text;
  return `${write(value)}${PERCENT.test(plain) ? "%" : ""}`;
}

function withoutDollars(text: string): string {
  // \$ is a currency, and $x$ and $y$ are two formulas
  const inner = /^(\${1,2})((?:[^$\\]|\\.)+)\1$/s.exec(text)?.[2];
  return inner === undefined ? text : inner.trim();
}

function parse(text: string): Rational | undefined {
  const [, sign, top, below] = partsOf(text);
  if (top === undefined) return undefined;
  const value = divide(toRational(top), toRational(below ?? "1"));
  return sign === "-" ? { ...value, numerator: -value.numerator } : value;
}

/** The whole match, the sign, the number and what divides it; empty when the text is no number. */
function partsOf(text: string): readonly (string | undefined)[] {
  const frac = FRAC.exec(text);
  if (frac !== null) return [frac[0], frac[1], frac[2] ?? frac[3], frac[4] ?? frac[5]];
  return PLAIN.exec(text) ?? SLASH.exec(text) ?? [];
}

function toRational(signed: string): Rational {
  const [whole, decimals = ""] = signed.replaceAll(/[+\-\s,]/g, "").split(".");
  const size = BigInt(`${whole}${decimals}`);
  return { numerator: signed.startsWith("-") ? -size : size, denominator: 10n ** BigInt(decimals.length) };
}

function divide(a: Rational, b: Rational): Rational {
  const sign = b.numerator < 0n ? -1n : 1n;
  return { numerator: sign * a.numerator * b.denominator, denominator: sign * a.denominator * b.numerator };
}

function write({ numerator, denominator }: Rational): string {
  const shared = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  const below = denominator / shared;
  return below === 1n ? `${numerator / shared}` : `${numerator / shared}/${below}`;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
