/** Typed arrays from the server's binary bodies (little endian, as every browser's machine is). */
import type { ArrayRef } from "../api/types";

export type NumberArray = Uint8Array | Int32Array | Float32Array;

/** View a body as its dtype. float16 is widened to float32. Raises when the length does not fit the shape. */
export function decodeArray(
  buffer: ArrayBuffer,
  ref: Pick<ArrayRef, "name" | "dtype" | "shape">,
): NumberArray {
  const expected = ref.shape.reduce((product, side) => product * side, 1);
  const array = viewAs(buffer, ref.name, ref.dtype);
  if (array.length !== expected) {
    throw new Error(`Array ${ref.name} holds ${array.length} numbers, its shape says ${expected}`);
  }
  return array;
}

function viewAs(buffer: ArrayBuffer, name: string, dtype: string): NumberArray {
  if (dtype === "uint8") return new Uint8Array(buffer);
  if (dtype === "int32") return new Int32Array(buffer);
  if (dtype === "float32") return new Float32Array(buffer);
  if (dtype === "float16") return Float32Array.from(new Uint16Array(buffer), floatFromHalf);
  throw new Error(`Array ${name} has the unknown dtype ${dtype}`);
}

/** IEEE 754 binary16 bits -> number. */
export function floatFromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** (2M) layout for N >= M images: the places that are not known yet are NaN. */
export function padLayout(layout: Float32Array, numImages: number): Float32Array {
  if (layout.length === 2 * numImages) return layout;
  const padded = new Float32Array(2 * numImages).fill(Number.NaN);
  padded.set(layout.subarray(0, 2 * numImages));
  return padded;
}

/** (M) or (M k) values for N >= M images, zero where unknown. */
export function padValues<T extends Uint8Array | Int32Array>(values: T, length: number): T {
  if (values.length === length) return values;
  const padded = new (values.constructor as new (size: number) => T)(length);
  padded.set(values.subarray(0, length) as never);
  return padded;
}

/** One array after the other. */
export function concatBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
