import { expect, test } from "vitest";
import { placeWaiting } from "./waiting-grid";

const rounded = (layout: Float32Array) => Array.from(layout, (value) => Math.round(value * 1000) / 1000);

test("without a layout the images lie in a grid, rows downwards", () => {
  const placed = rounded(placeWaiting(new Float32Array(14).fill(Number.NaN)));
  expect(placed).toEqual([0, 0, 0.1, 0, 0.2, 0, 0.3, 0, 0.4, 0, 0.5, 0, 0, -0.1]);
});

test("new images lie below the map, which stays as it is", () => {
  const layout = Float32Array.of(-1, 2, Number.NaN, Number.NaN, 3, -4);
  expect(rounded(placeWaiting(layout))).toEqual([-1, 2, -1, -4.2, 3, -4]);
});

test("many new images below a small map reach beyond its sides, not far down", () => {
  const layout = new Float32Array(2 * 601).fill(Number.NaN);
  layout.set([3, 1]); // a map of one place: the grid is 6 + 24 columns, 12 of them on its left
  const placed = rounded(placeWaiting(layout));
  expect(placed.slice(0, 4)).toEqual([3, 1, 1.8, 0.8]);
  expect(placed.slice(2 * 30, 2 * 32)).toEqual([4.7, 0.8, 1.8, 0.7]);
  expect(placed.at(-1)).toBe(-1.1); // 20 rows
});

test("a full layout is given back as it is", () => {
  const layout = Float32Array.of(1, 2);
  expect(placeWaiting(layout)).toBe(layout);
});

test("a grid of many images is wider than high", () => {
  const placed = placeWaiting(new Float32Array(2 * 600).fill(Number.NaN));
  expect(rounded(placed.subarray(2 * 29, 2 * 31))).toEqual([2.9, 0, 0, -0.1]);
});

test("an image that was removed waits for no place", () => {
  const layout = Float32Array.of(-1, 2, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
  expect(rounded(placeWaiting(layout, Uint8Array.of(0, 1, 0)))).toEqual([
    -1,
    2,
    Number.NaN,
    Number.NaN,
    -1,
    1.8,
  ]);
});
