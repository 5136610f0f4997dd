// Typed arrays and tensors: shape, dtype, statistics and first values on a few lines instead of a wall of numbers.

import { hasMethods, isReadable, readMember } from "./read-member.ts";

const MAX_COUNTED = 20_000_000;
const FIRST_VALUES = 10;

const DTYPES: Readonly<Record<string, string>> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Float32Array: "float32",
  Float64Array: "float64",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
};

type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Text of a typed array or tensor, undefined for anything else. */
export function numbersText(value: unknown): string | undefined {
  if (!isReadable(value)) return undefined;
  if (isNumberArray(value)) return Buffer.isBuffer(value) ? undefined : typedArrayText(value);
  return tensorText(value);
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function typedArrayText(array: NumberArray): string {
  const name = typeName(array);
  return [`${name} [${array.length}] ${DTYPES[name] ?? name}`, ...statisticsLines(array)].join("\n");
}

function typeName(array: NumberArray): string {
  return Object.prototype.toString.call(array).slice("[object ".length, -1);
}

function tensorText(value: object): string | undefined {
  const shape = readMember(value, "shape");
  if (!Array.isArray(shape) || !shape.every((axis) => Number.isInteger(axis) && axis >= 0)) return undefined;
  const type = readMember(value, "dtype") ?? readMember(value, "kind");
  const data = readMember(value, "data");
  const size = shape.reduce<number>((product, axis) => product * axis, 1);
  const isTensor = typeof type === "string" && (readMember(value, "size") === size || isNumberArray(data));
  if (!isTensor) return undefined;
  const heading = `${tensorName(value)} [${shape.join(", ")}] ${type}`;
  const numbers = isNumberArray(data) ? data : synchronousData(value);
  if (numbers === undefined) return `${heading}, ${size.toLocaleString("en-US")} values`;
  return [heading, ...statisticsLines(numbers)].join("\n");
}

function tensorName(value: object): string {
  const constructor = readMember(value, "constructor");
  const name = typeof constructor === "function" ? constructor.name : "";
  return name === "" || name === "Object" ? "Tensor" : name;
}

/** Values of a TensorFlow.js tensor whose backend has them at hand. */
function synchronousData(value: object): NumberArray | undefined {
  if (!hasMethods(value, ["dataSync", "arraySync"])) return undefined;
  try {
    const data = (value as { dataSync(): unknown }).dataSync();
    return isNumberArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function statisticsLines(array: NumberArray): string[] {
  if (array.length === 0) return ["no values"];
  const counted = Math.min(array.length, MAX_COUNTED);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let nanCount = 0;
  for (let i = 0; i < counted; i++) {
    const number = Number(array[i]);
    if (Number.isNaN(number)) {
      nanCount++;
      continue;
    }
    if (number < min) min = number;
    if (number > max) max = number;
    sum += number;
  }
  const finite = counted - nanCount;
  const parts = finite === 0 ? [] : [`min ${short(min)}`, `mean ${short(sum / finite)}`, `max ${short(max)}`];
  const scope = counted < array.length ? ` (of the first ${counted.toLocaleString("en-US")})` : "";
  return [`${[...parts, `NaN ${nanCount}`].join("  ")}${scope}`, firstValues(array)];
}

function firstValues(array: NumberArray): string {
  const first: string[] = [];
  for (let i = 0; i < Math.min(array.length, FIRST_VALUES); i++) first.push(short(array[i]));
  const rest = array.length - first.length;
  return rest === 0 ? first.join(", ") : `${first.join(", ")}, ... ${rest.toLocaleString("en-US")} more`;
}

function short(value: number | bigint): string {
  return typeof value === "bigint" || Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
