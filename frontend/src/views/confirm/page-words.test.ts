import { expect, test } from "vitest";
import type { ClassSuggestions } from "../../api/types";
import { confidenceRange, promiseOf, waitingOf } from "./page-words";

const ROW: ClassSuggestions = {
  class_id: 1,
  num_waiting: 40,
  num_above: 12,
  confidence: 0.8724,
  bound: 0.9513,
  num_right: 60,
  num_accepted: 60,
  num_heldout: 70,
  num_needed: 59,
};

test("a page shows what has no label yet, in its order", () => {
  expect(waitingOf([3, 0, 2], Int32Array.of(0, 5, 7, 0))).toEqual([3, 0]);
});

test("the range of a page is its first and last confidence", () => {
  expect(confidenceRange([0.9981, 0.95, 0.9312])).toBe("99.8–93.1 % sure");
  expect(confidenceRange([0.5, 0.5001])).toBe("50.0 % sure");
  expect(confidenceRange([])).toBe("");
});

test("a promise says how many, how sure, and on what it rests", () => {
  const { canLabel, title, detail } = promiseOf(ROW, 0.95);
  expect(canLabel).toBe(true);
  expect(title).toBe("12 images at 87.2\u00a0% or surer");
  expect(detail).toContain(
    "60 of 60 held-out predictions this sure are right: at least 95.1\u00a0% precision",
  );
});

test("too few held-out labels say how many more labels that means", () => {
  const { canLabel, detail } = promiseOf({ ...ROW, confidence: null, bound: null, num_heldout: 9 }, 0.95);
  expect(canLabel).toBe(false);
  expect(detail).toBe(
    "9 held-out labels are predicted so; 95\u00a0% needs at least 59. About 250 more labels.",
  );
});

test("labels that are wrong too often say the bound", () => {
  const row = { ...ROW, confidence: null, bound: 0.912, num_right: 58, num_accepted: 60 };
  expect(promiseOf(row, 0.95)).toMatchObject({ canLabel: false, title: "Not right often enough" });
  expect(promiseOf(row, 0.95).detail).toContain("at least 91.2\u00a0%, not 95\u00a0%");
});

test("nothing above the threshold leaves nothing to label", () => {
  expect(promiseOf({ ...ROW, num_above: 0 }, 0.95).canLabel).toBe(false);
});
