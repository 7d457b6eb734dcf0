import { expect, test } from "vitest";
import { distancesOnMap, oddness, oddOnes, orderSelection } from "./selection-order";

// Middle (2, 10); distances 2, 1, 0, 1, 2 in a row, then one far off and one without a place.
const layout = Float32Array.of(0, 10, 1, 10, 2, 10, 3, 10, 4, 10, 2, 22, Number.NaN, Number.NaN);
const row = Uint32Array.of(0, 1, 2, 3, 4);

test("on the map distances are from the middle, which a far image does not move", () => {
  expect([...distancesOnMap(row, layout)]).toEqual([2, 1, 0, 1, 2]);
  expect([...distancesOnMap(Uint32Array.of(0, 1, 2, 3, 4, 5, 6), layout)]).toEqual([
    2,
    1,
    0,
    1,
    2,
    12,
    Number.NaN,
  ]);
});

test("oddness is how far a distance lies above the median, in robust standard deviations", () => {
  // Median 1; deviations from it 1, 0, 1, 0, 1, 11: their lower median is 1.
  const odd = oddness(Float32Array.of(2, 1, 0, 1, 2, 12, Number.NaN));
  expect(odd[5]).toBeCloseTo(0.6745 * 11, 5);
  expect(odd[2]).toBeCloseTo(-0.6745, 5);
  expect(odd[6]).toBe(0);
});

test("images of one distance are not odd", () => {
  expect([...oddness(Float32Array.of(3, 3, 3))]).toEqual([0, 0, 0]);
});

test("odd ones are found in a crowd only, farthest first", () => {
  const all = Uint32Array.from({ length: 20 }, (_, index) => 100 + index);
  const distances = Float32Array.from({ length: 20 }, (_, index) => index % 5);
  distances[3] = 60;
  distances[7] = 90;
  expect([...oddOnes(all, distances)]).toEqual([107, 103]);
  expect([...oddOnes(all.slice(0, 7), distances.slice(0, 7))]).toEqual([]);
});

test("each order puts first what its name says", () => {
  const input = {
    distances: Float32Array.of(2, 1, 0, Number.NaN, 2),
    confidence: Uint8Array.of(10, 250, 30, 30, 200),
    probability: Uint8Array.of(5, 4, 3, 2, 1),
  };
  const order = (sortBy: Parameters<typeof orderSelection>[1]["sortBy"]) => [
    ...orderSelection(row, { sortBy, ...input }),
  ];
  expect(order("odd")).toEqual([0, 4, 1, 2, 3]);
  expect(order("class")).toEqual([4, 3, 2, 1, 0]);
  expect(order("doubtful")).toEqual([0, 2, 3, 4, 1]);
  expect(order("certain")).toEqual([1, 4, 2, 3, 0]);
  expect(order("index")).toEqual([0, 1, 2, 3, 4]);
});

test("without a model its orders are the order of import", () => {
  const distances = new Float32Array(5);
  expect(orderSelection(row, { sortBy: "class", distances, confidence: null, probability: null })).toEqual(
    row,
  );
});
