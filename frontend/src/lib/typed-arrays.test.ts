import { expect, test } from "vitest";
import { concatBytes, decodeArray, floatFromHalf, padLayout, padValues } from "./typed-arrays";

test("bodies are read by dtype and checked against the shape", () => {
  const ints = Int32Array.of(1, -2, 3);
  expect(decodeArray(ints.buffer, { name: "a", dtype: "int32", shape: [3] })).toEqual(ints);
  const floats = Float32Array.of(1.5, 2, 3, 4, 5, 6);
  expect(decodeArray(floats.buffer, { name: "b", dtype: "float32", shape: [3, 2] })).toEqual(floats);
  expect(() => decodeArray(floats.buffer, { name: "b", dtype: "float32", shape: [2, 2] })).toThrow(
    "Array b holds 6 numbers, its shape says 4",
  );
  expect(() => decodeArray(floats.buffer, { name: "c", dtype: "int64", shape: [3] })).toThrow(
    "unknown dtype int64",
  );
});

test("half floats: one, minus two, the smallest, a third, infinity", () => {
  expect(floatFromHalf(0x3c00)).toBe(1);
  expect(floatFromHalf(0xc000)).toBe(-2);
  expect(floatFromHalf(0x0001)).toBe(2 ** -24);
  expect(floatFromHalf(0x3555)).toBeCloseTo(1 / 3, 3);
  expect(floatFromHalf(0x7c00)).toBe(Number.POSITIVE_INFINITY);
  expect(floatFromHalf(0x7e00)).toBeNaN();
});

test("a layout of fewer images is padded with no place", () => {
  expect([...padLayout(Float32Array.of(1, 2), 2)]).toEqual([1, 2, Number.NaN, Number.NaN]);
  const whole = Float32Array.of(1, 2);
  expect(padLayout(whole, 1)).toBe(whole);
});

test("values are padded with zeros in their own type", () => {
  const padded = padValues(Int32Array.of(5), 3);
  expect(padded).toBeInstanceOf(Int32Array);
  expect([...padded]).toEqual([5, 0, 0]);
});

test("bytes are joined in order", () => {
  expect([...concatBytes(Uint8Array.of(1, 2), Uint8Array.of(3))]).toEqual([1, 2, 3]);
});
