import { expect, test } from "vitest";
import { METHOD_COLORS, methodScale } from "../../src/figures/theme.ts";

type Rgb = readonly [number, number, number];

// Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB
const DEFICIENCIES: Readonly<Record<string, readonly Rgb[]>> = {
  "full colour vision": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

// colour difference (CIE76) below which two lines are hard to tell apart; the controls are told apart by dashes too
const APART = 15;
const CONTROLS_APART = 10;

test.each(Object.entries(DEFICIENCIES))("the methods' colours stay apart with %s", (_, matrix) => {
  const seen = Object.entries(METHOD_COLORS).map(([method, color]) => ({
    method,
    lab: toLab(multiply(matrix, linear(color))),
  }));
  for (const [index, a] of seen.entries()) {
    for (const b of seen.slice(index + 1)) {
      expect(Math.hypot(...a.lab.map((v, k) => v - b.lab[k])), `${a.method} and ${b.method}`).toBeGreaterThan(
        isControl(a.method) || isControl(b.method) ? CONTROLS_APART : APART,
      );
    }
  }
});

test("text in a method's colour is legible on white (WCAG contrast of 4.5; the controls, 3)", () => {
  for (const [method, color] of Object.entries(METHOD_COLORS)) {
    const [r, g, b] = linear(color);
    const contrast = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
    expect(contrast, method).toBeGreaterThanOrEqual(isControl(method) ? 3 : 4.5);
  }
});

test("a method keeps its colour whichever others are shown", () => {
  const colorOf = (methods: Parameters<typeof methodScale>[0], name: string) => {
    const { domain, range } = methodScale(methods);
    return range[domain.indexOf(name)];
  };
  expect(colorOf(["cuma"], "CuMa")).toBe(colorOf(["grpo", "ttrl", "cuma"], "CuMa"));
});

function isControl(method: string): boolean {
  return method === "random" || method === "format" || method === "wrong";
}

function linear(hex: string): Rgb {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function multiply(matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb {
  const [x, y, z] = matrix.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  return [x, y, z];
}

function toLab([r, g, b]: Rgb): readonly number[] {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
