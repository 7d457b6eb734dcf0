import { expect, test } from "vitest";
import { countOverwritten, summarize } from "./guard";

const labels = Int32Array.of(0, 7, 7, 9, 0, 9, 9);
const chosen = Uint32Array.of(0, 1, 2, 3, 5);

test("labels and predictions are counted, most frequent first", () => {
  expect(summarize(chosen, labels, Int32Array.of(9, 9, 9, 7, 0, 0, 0))).toEqual({
    numSelected: 5,
    numLabelled: 4,
    labels: [
      { classId: 7, count: 2 },
      { classId: 9, count: 2 },
    ],
    predictions: [
      { classId: 9, count: 3 },
      { classId: 7, count: 1 },
    ],
  });
});

test("without a model there are no predictions; images beyond the labels count as unlabelled", () => {
  expect(summarize(Uint32Array.of(6, 7), labels, null)).toEqual({
    numSelected: 2,
    numLabelled: 1,
    labels: [{ classId: 9, count: 1 }],
    predictions: [],
  });
});

test("only other classes are overwritten", () => {
  expect(countOverwritten(chosen, labels, 7)).toBe(2);
  expect(countOverwritten(Uint32Array.of(0, 4), labels, 7)).toBe(0);
});
