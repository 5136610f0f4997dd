const MINUS = "−";

/** An accuracy, 0-1, in points with one decimal: "13.4". */
export function inPoints(accuracy: number): string {
  return unsigned(accuracy).text;
}

/** A difference in accuracy in points with its sign: "+12.3", "−0.5", "0.0". */
export function signedPoints(difference: number): string {
  const { text, isZero } = unsigned(Math.abs(difference));
  if (isZero) return text;
  return `${difference > 0 ? "+" : MINUS}${text}`;
}

function unsigned(value: number): { text: string; isZero: boolean } {
  const tenths = Math.round(value * 1000);
  return { text: (tenths / 10).toFixed(1), isZero: tenths === 0 };
}
