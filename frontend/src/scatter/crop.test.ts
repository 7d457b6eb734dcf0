import { describe, expect, test } from "vitest";
import { aspectByte, aspectFromByte, cropFromBox, drawnSize, mixWithWhole, retentionOf } from "./crop";
import type { Box } from "./types";

const rule = { minHalf: 0.04, contextFrac: 0.1 };

function expectBox(box: Box, expected: readonly number[]): void {
  box.forEach((edge, k) => {
    expect(edge).toBeCloseTo(expected[k] as number, 9);
  });
}

describe("cropFromBox", () => {
  test("adds a share of each side, not square", () => {
    expectBox(cropFromBox([0.2, 0.4, 0.6, 0.5], rule), [0.16, 0.39, 0.64, 0.51]);
  });

  test("stops at the edge of the picture", () => {
    expectBox(cropFromBox([0, 0.5, 0.5, 1], rule), [0, 0.45, 0.55, 1]);
  });

  test("grows to the smallest size and is shifted inside", () => {
    expectBox(cropFromBox([0.5, 0.98, 0.52, 1], rule), [0.47, 0.92, 0.55, 1]);
  });
});

test("the aspect byte has 64 steps an octave around 128", () => {
  expect(aspectByte(100, 100)).toBe(128);
  expect(aspectByte(200, 100)).toBe(192);
  expect(aspectByte(100, 200)).toBe(64);
  expect(aspectByte(100, 9000)).toBe(0);
  expect(aspectByte(9000, 100)).toBe(255);
  expect(aspectFromByte(192)).toBe(2);
  expect(aspectFromByte(aspectByte(4, 3))).toBeCloseTo(2 ** (27 / 64), 12);
});

test("a crop is drawn with its own aspect ratio, long side = size", () => {
  expect(drawnSize(2, 0.5, 1, 40)).toEqual([40, 40]);
  expect(drawnSize(1.5, 0.5, 0.25, 60)).toEqual([60, 20]);
  expect(drawnSize(0.5, 1, 1, 60)).toEqual([30, 60]);
});

test("mixWithWhole goes from the whole picture to the crop", () => {
  const box: Box = [0.2, 0.4, 0.6, 0.8];
  expectBox(mixWithWhole(box, 0), [0, 0, 1, 1]);
  expectBox(mixWithWhole(box, 0.5), [0.1, 0.2, 0.8, 0.9]);
  expectBox(mixWithWhole(box, 1), box);
});

test("an item's own crop rate goes before the common retention", () => {
  expect(retentionOf(0, 0.95)).toBe(0.95);
  expect(retentionOf(204, 0.95)).toBeCloseTo(0.8, 12);
  expect(retentionOf(255, 0.95)).toBe(1);
});
