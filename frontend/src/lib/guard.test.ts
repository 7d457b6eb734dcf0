import { expect, test } from "vitest";
import { needsLook, reportLabel, summarize } from "./guard";

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

const report = (changes: Partial<Parameters<typeof reportLabel>[0]> = {}) =>
  reportLabel({
    indexes: chosen,
    classId: 7,
    labels,
    predictions: null,
    probability: null,
    annotators: null,
    ...changes,
  });

test("a report tells what is there already, by whom, and what would change", () => {
  const told = report({ annotators: Int32Array.of(0, 4, 4, 5, 0, 4, 4) });
  expect(told.numSame).toBe(2);
  expect(told.overwritten).toEqual([{ classId: 9, count: 2 }]);
  expect(told.numOverwritten).toBe(2);
  expect(told.byAnnotator).toEqual([
    { annotatorId: 4, count: 3 },
    { annotatorId: 5, count: 1 },
  ]);
  expect(told.isModelAsked).toBe(false);
});

test("the model doubts what it gives less than even odds, and says nothing of images that it has not seen", () => {
  const probability = Uint8Array.of(127, 128, 255, 0, 0);
  expect(report({ probability }).doubtful).toEqual(Uint32Array.of(0, 3));
});

test("without odds, another prediction is doubt, if the model knows the class at all", () => {
  const predictions = Int32Array.of(7, 9, 0, 9, 7, 9, 9);
  expect(report({ predictions }).doubtful).toEqual(Uint32Array.of(1, 3, 5));
  expect(report({ predictions, classId: 8 }).doubtful).toHaveLength(0);
  expect(report({ predictions, classId: null }).doubtful).toHaveLength(0);
});

test("a look is due at a hundred images, or at twenty-five where something speaks against the label", () => {
  const many = (count: number) => Uint32Array.from({ length: count }, (_, index) => index + 10);
  expect(needsLook(report({ indexes: many(99) }))).toBe(false);
  expect(needsLook(report({ indexes: many(100) }))).toBe(true);
  const speaksAgainst = (count: number) => Uint32Array.from([3, ...many(count - 1)]);
  expect(needsLook(report({ indexes: speaksAgainst(24) }))).toBe(false);
  expect(needsLook(report({ indexes: speaksAgainst(25) }))).toBe(true);
});
