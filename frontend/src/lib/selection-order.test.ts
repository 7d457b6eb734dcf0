import { expect, test } from "vitest";
import { oddness, oddOnes, orderSelection } from "./selection-order";

// Middle (2, 10); distances 2, 1, 0, 1, 2 in a row, then one far off and one without a place.
const layout = Float32Array.of(0, 10, 1, 10, 2, 10, 3, 10, 4, 10, 2, 22, Number.NaN, Number.NaN);
const row = Uint32Array.of(0, 1, 2, 3, 4);

test("oddness is the distance from the middle in medians of it", () => {
  expect([...oddness(row, layout)]).toEqual([2, 1, 0, 1, 2]);
});

test("a few far images do not move the middle, and one without a place is not odd", () => {
  const odd = oddness(Uint32Array.of(0, 1, 2, 3, 4, 5, 6), layout);
  expect(odd[5]).toBe(12);
  expect(odd[6]).toBe(0);
});

test("images on one point are not odd", () => {
  expect([...oddness(Uint32Array.of(2, 2), layout)]).toEqual([0, 0]);
});

test("odd ones are found in a crowd only, farthest first", () => {
  const crowd = new Float32Array(2 * 20);
  for (let index = 0; index < 20; index += 1) crowd[2 * index] = index;
  crowd.set([60, 0], 2 * 3);
  crowd.set([90, 0], 2 * 7);
  const all = Uint32Array.from({ length: 20 }, (_, index) => index);
  expect([...oddOnes(all, crowd)]).toEqual([7, 3]);
  expect([...oddOnes(Uint32Array.of(1, 3, 5), crowd)]).toEqual([]);
});

test("each order puts first what its name says", () => {
  const input = {
    layout,
    confidence: Uint8Array.of(10, 250, 30, 30, 200),
    probability: Uint8Array.of(5, 4, 3, 2, 1),
  };
  const order = (sortBy: Parameters<typeof orderSelection>[1]["sortBy"]) => [
    ...orderSelection(row, { sortBy, ...input }),
  ];
  expect(order("odd")).toEqual([0, 4, 1, 3, 2]);
  expect(order("class")).toEqual([4, 3, 2, 1, 0]);
  expect(order("doubtful")).toEqual([0, 2, 3, 4, 1]);
  expect(order("certain")).toEqual([1, 4, 2, 3, 0]);
  expect(order("index")).toEqual([0, 1, 2, 3, 4]);
});

test("without a model its orders are the order of import", () => {
  expect(orderSelection(row, { sortBy: "class", layout, confidence: null, probability: null })).toEqual(row);
});
