import { expect, test } from "vitest";
import { toMimeBundle } from "../../../src/kernel/display/index.ts";

function plain(value: unknown): unknown {
  return toMimeBundle(value).data["text/plain"];
}

test("a typed array shows its shape, dtype, statistics and first values", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => i / 4);
  values[999] = Number.NaN;
  expect(plain(values)).toBe(
    "Float32Array [1000] float32\nmin 0  mean 124.75  max 249.5  NaN 1\n" +
      "0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, ... 990 more",
  );
  expect(plain(new BigInt64Array([1n, -3n]))).toBe("BigInt64Array [2] int64\nmin -3  mean -1  max 1  NaN 0\n1, -3");
  expect(plain(new Float64Array(0))).toBe("Float64Array [0] float64\nno values");
  expect(plain(new Float64Array([NaN]))).toBe("Float64Array [1] float64\nNaN 1\nNaN");
});

test("a buffer keeps its own look", () => {
  expect(plain(Buffer.from("ab"))).toBe("<Buffer 61 62>");
});

test("a tensor of the device shows its shape and kind", () => {
  class DeviceTensor {
    readonly shape = [3, 1000];
    readonly kind = "f32";
    readonly size = 3000;
  }
  expect(plain(new DeviceTensor())).toBe("DeviceTensor [3, 1000] f32, 3,000 values");
});

test("a stored tensor shows the statistics of its data", () => {
  const tensor = { shape: [2, 2], dtype: "F32", data: new Float32Array([1, 2, 3, 4]) };
  expect(plain(tensor)).toBe("Tensor [2, 2] F32\nmin 1  mean 2.5  max 4  NaN 0\n1, 2, 3, 4");
});

test("a tensor of TensorFlow.js shows statistics only where its values are at hand", () => {
  class Tensor {
    readonly shape = [2];
    readonly dtype = "float32";
    readonly size = 2;
    dataSync(): Float32Array {
      return new Float32Array([5, 7]);
    }
    arraySync() {}
  }
  class FarTensor extends Tensor {
    override dataSync(): never {
      throw new Error("the values are on the GPU");
    }
  }
  expect(plain(new Tensor())).toBe("Tensor [2] float32\nmin 5  mean 6  max 7  NaN 0\n5, 7");
  expect(plain(new FarTensor())).toBe("FarTensor [2] float32, 2 values");
});

test("an object that merely has a shape is not a tensor", () => {
  expect(String(plain({ shape: [2], kind: "f32", size: 5 }))).toContain("kind:");
  expect(String(plain({ shape: "round", kind: "f32", size: 1 }))).toContain("round");
});
