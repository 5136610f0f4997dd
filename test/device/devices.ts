import { afterAll, describe } from "vitest";
import type { Device, ElementKind, Tensor } from "../../src/device/device.ts";
import { createWasmDevice } from "../../src/device/wasm/wasm-device.ts";

interface DeviceUnderTest {
  readonly name: string;
  /** Why it cannot be tested here, if so. */
  readonly missing?: string;
  readonly create: () => Promise<Device>;
}

const DEVICES: readonly DeviceUnderTest[] = [
  { name: "wasm with 1 thread", create: () => createWasmDevice() },
  { name: "wasm with 3 threads", create: () => createWasmDevice({ threads: 3 }) },
];

/** Runs the same tests on every device; where one is missing they are skipped and the title says why. */
export function onEveryDevice(title: string, tests: (device: Device) => void): void {
  for (const { name, missing, create } of DEVICES) {
    const isMissing = missing !== undefined;
    describe.skipIf(isMissing)(`${title} on ${name}${isMissing ? ` (skipped: ${missing})` : ""}`, async () => {
      if (isMissing) return;
      const device = await create();
      afterAll(() => device.close());
      tests(device);
    });
  }
}

/** A tensor that holds the values. */
export function put(device: Device, values: ArrayLike<number>, shape: readonly number[], kind?: ElementKind): Tensor {
  const tensor = device.tensor(shape, kind);
  device.write(tensor, values);
  return tensor;
}

export function putInts(device: Device, values: ArrayLike<number>): Tensor {
  return put(device, values, [values.length], "i32");
}
