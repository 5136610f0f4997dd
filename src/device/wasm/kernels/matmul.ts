// Matrix products. The left matrix is read in place, row by row; the right one from panels of eight columns laid out
// depth-first (see packPanels), so that the inner loop walks memory in order. A 4 x 8 block of the result lives in
// registers. Each element of the result is one running sum over the depth in ascending order, whatever the block
// sizes and the number of rows, so a row's bits depend on nothing but that row.
import { address, claimUnit, int, threadScratch } from "./control";

const UNIT_ROWS: i32 = 32;
const UNIT_PANELS: i32 = 8;

/** What a result starts from: MODE_SET 0; MODE_BIAS one row for all; MODE_ADD a matrix laid out as c, or c itself. */
const MODE_BIAS: i32 = 1;
const MODE_ADD: i32 = 2;

@inline
function startRow(start: usize, mode: i32, row: usize, offset: usize): v128 {
  if (mode == MODE_ADD) return v128.load(start + row + offset);
  if (mode == MODE_BIAS) return v128.load(start + offset);
  return f32x4.splat(0);
}

@inline
function step(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

function block4x8(a: usize, lda: usize, panel: usize, depth: i32, c: usize, ldc: usize, start: usize, mode: i32): void {
  const a1 = a + lda;
  const a2 = a1 + lda;
  const a3 = a2 + lda;
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let s00 = startRow(start, mode, 0, 0);
  let s01 = startRow(start, mode, 0, 16);
  let s10 = startRow(start, mode, ldc, 0);
  let s11 = startRow(start, mode, ldc, 16);
  let s20 = startRow(start, mode, ldc * 2, 0);
  let s21 = startRow(start, mode, ldc * 2, 16);
  let s30 = startRow(start, mode, ldc * 3, 0);
  let s31 = startRow(start, mode, ldc * 3, 16);
  const bytes = <usize>depth << 2;
  for (let k: usize = 0; k < bytes; k += 4) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    panel += 32;
    const x0 = v128.load32_splat(a + k);
    s00 = step(s00, x0, b0);
    s01 = step(s01, x0, b1);
    const x1 = v128.load32_splat(a1 + k);
    s10 = step(s10, x1, b0);
    s11 = step(s11, x1, b1);
    const x2 = v128.load32_splat(a2 + k);
    s20 = step(s20, x2, b0);
    s21 = step(s21, x2, b1);
    const x3 = v128.load32_splat(a3 + k);
    s30 = step(s30, x3, b0);
    s31 = step(s31, x3, b1);
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function block1x8(a: usize, panel: usize, depth: i32, c: usize, start: usize, mode: i32): void {
  let s0 = startRow(start, mode, 0, 0);
  let s1 = startRow(start, mode, 0, 16);
  const bytes = <usize>depth << 2;
  for (let k: usize = 0; k < bytes; k += 4) {
    const x = v128.load32_splat(a + k);
    s0 = step(s0, x, v128.load(panel));
    s1 = step(s1, x, v128.load(panel, 16));
    panel += 32;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** Up to four rows against the last panel of a matrix whose column count is no multiple of eight, by way of a full block. */
function blockEdge(
  a: usize,
  lda: usize,
  panel: usize,
  depth: i32,
  c: usize,
  ldc: usize,
  start: usize,
  mode: i32,
  rows: i32,
  columns: i32,
): void {
  const block = threadScratch();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = <usize>j << 2;
      const value: f32 =
        mode == MODE_ADD ? load<f32>(start + <usize>i * ldc + at) : mode == MODE_BIAS ? load<f32>(start + at) : 0;
      store<f32>(block + (<usize>i << 5) + at, value);
    }
  }
  if (rows == 4) block4x8(a, lda, panel, depth, block, 32, block, MODE_ADD);
  else {
    for (let i = 0; i < rows; i++) {
      block1x8(a + <usize>i * lda, panel, depth, block + (<usize>i << 5), block + (<usize>i << 5), MODE_ADD);
    }
  }
  for (let i = 0; i < rows; i++) memory.copy(c + <usize>i * ldc, block + (<usize>i << 5), <usize>columns << 2);
}

/** c [rows, columns] (row stride ldc) = a [rows, depth] (row stride lda) times packed b; arguments in order. */
export function matmul(): void {
  const c = address(0);
  const ldc = <usize>int(1) << 2;
  const a = address(2);
  const lda = <usize>int(3) << 2;
  const panels = address(4);
  const start = address(5);
  const rows = int(6);
  const depth = int(7);
  const columns = int(8);
  const mode = int(9);
  const panelCount = (columns + 7) >> 3;
  const panelBytes = <usize>depth << 5;
  const rowUnits = (rows + UNIT_ROWS - 1) / UNIT_ROWS;
  const panelUnits = (panelCount + UNIT_PANELS - 1) / UNIT_PANELS;
  const units = rowUnits * panelUnits;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const row0 = (unit / panelUnits) * UNIT_ROWS;
    const rowEnd = min(row0 + UNIT_ROWS, rows);
    const panel0 = (unit % panelUnits) * UNIT_PANELS;
    const panelEnd = min(panel0 + UNIT_PANELS, panelCount);
    for (let p = panel0; p < panelEnd; p++) {
      const panel = panels + <usize>p * panelBytes;
      const at = <usize>p << 5;
      const width = min(8, columns - (p << 3));
      let row = row0;
      if (width == 8) {
        for (; row + 4 <= rowEnd; row += 4) {
          const from = start + (mode == MODE_ADD ? <usize>row * ldc : 0) + at;
          block4x8(a + <usize>row * lda, lda, panel, depth, c + <usize>row * ldc + at, ldc, from, mode);
        }
        for (; row < rowEnd; row++) {
          const from = start + (mode == MODE_ADD ? <usize>row * ldc : 0) + at;
          block1x8(a + <usize>row * lda, panel, depth, c + <usize>row * ldc + at, from, mode);
        }
      } else {
        for (; row < rowEnd; row += 4) {
          const from = start + (mode == MODE_ADD ? <usize>row * ldc : 0) + at;
          const to = c + <usize>row * ldc + at;
          blockEdge(a + <usize>row * lda, lda, panel, depth, to, ldc, from, mode, min(4, rowEnd - row), width);
        }
      }
    }
  }
}

/**
 * Lays a weight matrix w [rows, columns] out in panels.
 * transposed = 1: panels of w's transpose, for x wᵀ; transposed = 0: panels of w itself, for dy w.
 */
export function packPanels(): void {
  const out = address(0);
  const w = address(1);
  const rows = int(2);
  const columns = int(3);
  const transposed = int(4);
  const depth = transposed ? columns : rows;
  const width = transposed ? rows : columns;
  const panelCount = (width + 7) >> 3;
  for (let p = claimUnit(); p < panelCount; p = claimUnit()) {
    const panel = out + <usize>p * (<usize>depth << 5);
    for (let j = 0; j < 8; j++) {
      const column = (p << 3) + j;
      for (let k = 0; k < depth; k++) {
        const value: f32 =
          column >= width ? 0 : load<f32>(w + (<usize>(transposed ? column * columns + k : k * columns + column) << 2));
        store<f32>(panel + (<usize>k << 5) + (<usize>j << 2), value);
      }
    }
  }
}

const WEIGHT_UNIT_ROWS: i32 = 32;
const WEIGHT_UNIT_COLUMNS: i32 = 64;
const WEIGHT_TOKENS: i32 = 128;

function weightBlock4x8(dy: usize, ldy: usize, x: usize, ldx: usize, tokens: i32, dw: usize, ldw: usize): void {
  const w1 = dw + ldw;
  const w2 = w1 + ldw;
  const w3 = w2 + ldw;
  let s00 = v128.load(dw);
  let s01 = v128.load(dw, 16);
  let s10 = v128.load(w1);
  let s11 = v128.load(w1, 16);
  let s20 = v128.load(w2);
  let s21 = v128.load(w2, 16);
  let s30 = v128.load(w3);
  let s31 = v128.load(w3, 16);
  for (let t = 0; t < tokens; t++) {
    const b0 = v128.load(x);
    const b1 = v128.load(x, 16);
    const y0 = v128.load32_splat(dy);
    s00 = step(s00, y0, b0);
    s01 = step(s01, y0, b1);
    const y1 = v128.load32_splat(dy, 4);
    s10 = step(s10, y1, b0);
    s11 = step(s11, y1, b1);
    const y2 = v128.load32_splat(dy, 8);
    s20 = step(s20, y2, b0);
    s21 = step(s21, y2, b1);
    const y3 = v128.load32_splat(dy, 12);
    s30 = step(s30, y3, b0);
    s31 = step(s31, y3, b1);
    dy += ldy;
    x += ldx;
  }
  v128.store(dw, s00);
  v128.store(dw, s01, 16);
  v128.store(w1, s10);
  v128.store(w1, s11, 16);
  v128.store(w2, s20);
  v128.store(w2, s21, 16);
  v128.store(w3, s30);
  v128.store(w3, s31, 16);
}

function weightElement(dy: usize, ldy: usize, x: usize, ldx: usize, tokens: i32, dw: usize): void {
  let sum = load<f32>(dw);
  for (let t = 0; t < tokens; t++) {
    sum += load<f32>(dy) * load<f32>(x);
    dy += ldy;
    x += ldx;
  }
  store<f32>(dw, sum);
}

/** dw [rows, columns] += dyᵀ x over all tokens: dy [tokens, rows] (stride ldy), x [tokens, columns] (stride ldx). */
export function matmulWeightGradient(): void {
  const dw = address(0);
  const dy = address(1);
  const ldy = <usize>int(2) << 2;
  const x = address(3);
  const ldx = <usize>int(4) << 2;
  const tokens = int(5);
  const rows = int(6);
  const columns = int(7);
  const ldw = <usize>columns << 2;
  const rowUnits = (rows + WEIGHT_UNIT_ROWS - 1) / WEIGHT_UNIT_ROWS;
  const columnUnits = (columns + WEIGHT_UNIT_COLUMNS - 1) / WEIGHT_UNIT_COLUMNS;
  const units = rowUnits * columnUnits;
  const yBlock = threadScratch(); // dy's part, close together: rows of dy a power of two apart would share cache lines
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const row0 = (unit / columnUnits) * WEIGHT_UNIT_ROWS;
    const rowEnd = min(row0 + WEIGHT_UNIT_ROWS, rows);
    const column0 = (unit % columnUnits) * WEIGHT_UNIT_COLUMNS;
    const columnEnd = min(column0 + WEIGHT_UNIT_COLUMNS, columns);
    for (let token = 0; token < tokens; token += WEIGHT_TOKENS) {
      const count = min(WEIGHT_TOKENS, tokens - token);
      const height = <usize>(rowEnd - row0) << 2;
      for (let t = 0; t < count; t++) {
        const from = dy + <usize>(token + t) * ldy + (<usize>row0 << 2);
        memory.copy(yBlock + <usize>t * height, from, height);
      }
      const xBlock = x + <usize>token * ldx;
      let row = row0;
      for (; row + 4 <= rowEnd; row += 4) {
        const yAt = yBlock + (<usize>(row - row0) << 2);
        const wAt = dw + <usize>row * ldw;
        let column = column0;
        for (; column + 8 <= columnEnd; column += 8) {
          weightBlock4x8(yAt, height, xBlock + (<usize>column << 2), ldx, count, wAt + (<usize>column << 2), ldw);
        }
        for (; column < columnEnd; column++) {
          for (let i = 0; i < 4; i++) {
            const at = wAt + <usize>i * ldw + (<usize>column << 2);
            weightElement(yAt + (<usize>i << 2), height, xBlock + (<usize>column << 2), ldx, count, at);
          }
        }
      }
      for (; row < rowEnd; row++) {
        for (let column = column0; column < columnEnd; column++) {
          const at = dw + <usize>row * ldw + (<usize>column << 2);
          weightElement(yBlock + (<usize>(row - row0) << 2), height, xBlock + (<usize>column << 2), ldx, count, at);
        }
      }
    }
  }
}

/** db [columns] += the sum of dy [tokens, columns] (stride ldy) over tokens. */
export function biasGradient(): void {
  const db = address(0);
  const dy = address(1);
  const ldy = <usize>int(2) << 2;
  const tokens = int(3);
  const columns = int(4);
  const units = (columns + 3) >> 2;
  for (let unit = claimUnit(); unit < units; unit = claimUnit()) {
    const at = <usize>unit << 4;
    if ((unit << 2) + 4 <= columns) {
      let sum = v128.load(db + at);
      for (let t = 0; t < tokens; t++) sum = f32x4.add(sum, v128.load(dy + <usize>t * ldy + at));
      v128.store(db + at, sum);
    } else {
      for (let j = unit << 2; j < columns; j++) {
        let sum = load<f32>(db + (<usize>j << 2));
        for (let t = 0; t < tokens; t++) sum += load<f32>(dy + <usize>t * ldy + (<usize>j << 2));
        store<f32>(db + (<usize>j << 2), sum);
      }
    }
  }
}
