import { expect, test } from "vitest";
import { isOutgrown, numPlaced } from "./follow-layout";

const fitted = (numImages: number, numPlaced: number) => ({ numImages, numPlaced });

test("the first images, the first layout and a layout of many more images are each another picture", () => {
  expect(isOutgrown(fitted(0, 0), fitted(1, 0))).toBe(true);
  expect(isOutgrown(fitted(36, 0), fitted(36, 1))).toBe(true);
  expect(isOutgrown(fitted(36, 1), fitted(36, 36))).toBe(true);
});

test("a few images more, or the same ones laid out again, are not", () => {
  expect(isOutgrown(fitted(1000, 1000), fitted(1100, 1000))).toBe(false);
  expect(isOutgrown(fitted(1000, 1000), fitted(1100, 1100))).toBe(false);
  expect(isOutgrown(fitted(36, 36), fitted(36, 36))).toBe(false);
});

test("a map whose images waited below it is another one when most of them have a place", () => {
  expect(isOutgrown(fitted(1896, 1699), fitted(1896, 1780))).toBe(false);
  expect(isOutgrown(fitted(1896, 1699), fitted(1896, 1896))).toBe(true);
  expect(isOutgrown(fitted(1896, 1699), fitted(1896, 1890))).toBe(true); // six that cannot be read
});

test("images without a place are not counted", () => {
  expect(numPlaced(new Float32Array([1, 2, Number.NaN, Number.NaN, 3, 4]))).toBe(2);
});
