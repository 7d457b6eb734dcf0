import { expect, test } from "vitest";
import { caseOfDisagreement, caseOfSuspect, nextOpen, type ReviewCase } from "./review-case";

const given = (...classIds: number[]) =>
  classIds.map((class_id, at) => ({ annotator: `person ${at}`, class_id }));

test("a disagreement offers what most others gave", () => {
  const found = caseOfDisagreement({ index: 3, class_id: 1, labels: given(1, 2, 2, 3) });
  expect([found.classId, found.suggestedId, found.quality]).toEqual([1, 2, null]);
  expect(found.given[1]).toEqual({ annotator: "person 1", classId: 2 });
});

test("a tie between others leaves the choice to people", () => {
  expect(caseOfDisagreement({ index: 3, class_id: 1, labels: given(1, 2, 3) }).suggestedId).toBeNull();
});

test("a doubted label offers the model's class", () => {
  const suspect = { index: 9, class_id: 4, suggested_class_id: 5, quality: 0.03 };
  expect(caseOfSuspect(suspect)).toMatchObject({ classId: 4, suggestedId: 5, quality: 0.03, given: [] });
});

test("after a decision the next open case is shown, else the last open one before", () => {
  const cases = [0, 1, 2, 3].map((index) => ({ index }) as ReviewCase);
  expect(nextOpen(cases, new Set([1, 2]), 1)).toBe(3);
  expect(nextOpen(cases, new Set([1, 3]), 3)).toBe(2);
  expect(nextOpen(cases, new Set([0, 1, 2, 3]), 2)).toBe(-1);
});
