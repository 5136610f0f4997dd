import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Paths of the only font files that figures are drawn with: DejaVu Sans, regular and bold. */
export const FONT_FILES: readonly string[] = [
  require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
  require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
];
