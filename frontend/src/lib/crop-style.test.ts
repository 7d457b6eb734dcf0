import { expect, test } from "vitest";
import { aspectFromByte, containBox, coverWithBox, WHOLE_BOX } from "./crop-style";

test("the aspect byte is read on a log scale", () => {
  expect(aspectFromByte(128)).toBe(1);
  expect(aspectFromByte(192)).toBe(2);
  expect(aspectFromByte(64)).toBe(0.5);
});

test("a wide image covers a square with its height and is cut left and right", () => {
  expect(coverWithBox(WHOLE_BOX, 2)).toEqual({ width: 200, height: 100, left: -50, top: 0 });
});

test("a tall image covers a square with its width and is cut above and below", () => {
  expect(coverWithBox(WHOLE_BOX, 0.5)).toEqual({ width: 100, height: 200, left: 0, top: -50 });
});

test("a box of a wide image fills the window: its left edge lies at the window's left edge", () => {
  // Image 2:1; the box is its right half, a square in pixels.
  const placed = coverWithBox([0.5, 0, 1, 1], 2);
  expect(placed).toEqual({ width: 200, height: 100, left: -100, top: 0 });
});

test("a small tall box is cut above and below about its middle", () => {
  // Box 0.2 wide and 0.5 high of a square image: width decides, image is 5 windows wide.
  const placed = coverWithBox([0.4, 0.25, 0.6, 0.75], 1);
  expect(placed.width).toBeCloseTo(500, 9);
  expect(placed.height).toBeCloseTo(500, 9);
  expect(placed.left).toBeCloseTo(-200, 9);
  expect(placed.top).toBeCloseTo(-200, 9);
});

test("a window that is not square is covered too", () => {
  // Square image in a 2:1 window: as wide as the window, twice as high.
  expect(coverWithBox(WHOLE_BOX, 1, 2)).toEqual({ width: 100, height: 200, left: 0, top: -50 });
});

test("a wide box is shown whole in a square: full width, its own height, the image filling just that", () => {
  // The left half of a 4:1 image is 2:1: a window half as high as the square.
  const { window, image } = containBox([0, 0, 0.5, 1], 4);
  expect(window).toEqual({ width: 100, height: 50, left: 0, top: 25 });
  expect(image).toEqual({ width: 200, height: 100, left: 0, top: 0 });
});

test("a tall image is shown whole in a narrow window", () => {
  const { window, image } = containBox(WHOLE_BOX, 0.5);
  expect(window).toEqual({ width: 50, height: 100, left: 25, top: 0 });
  expect(image).toEqual({ width: 100, height: 100, left: 0, top: 0 });
});
