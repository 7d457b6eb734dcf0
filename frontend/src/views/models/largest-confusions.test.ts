import { expect, test } from "vitest";
import { largestConfusions } from "./largest-confusions";

const CONFUSION = [
  [7, 2, 0],
  [0, 3, 2],
  [1, 0, 9],
];

test("confusions come by their count, of equal ones that of the rarer label first, right ones never", () => {
  expect(largestConfusions(CONFUSION, { limit: 9 })).toEqual([
    { label: 1, predicted: 2, count: 2, numLabels: 5 },
    { label: 0, predicted: 1, count: 2, numLabels: 9 },
    { label: 2, predicted: 0, count: 1, numLabels: 10 },
  ]);
});

test("there are no more than asked for, and none where all is right", () => {
  expect(largestConfusions(CONFUSION, { limit: 1 })).toHaveLength(1);
  expect(largestConfusions([[4]], { limit: 3 })).toEqual([]);
});
