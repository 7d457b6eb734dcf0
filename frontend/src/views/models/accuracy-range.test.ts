import { expect, test } from "vitest";
import type { ModelVersion } from "../../api/types";
import { chartRange, isCurve, measuredModels } from "./accuracy-range";

const model = (number: number, labels: number, accuracy: number | null, low: number | null = null) =>
  ({
    number,
    is_provisional: number === 1,
    num_labels: labels,
    accuracy,
    accuracy_low: low,
    accuracy_high: null,
  }) as ModelVersion;

test("models are measured oldest first, those without held-out labels are left out", () => {
  const measured = measuredModels([model(3, 90, 0.9, 0.84), model(2, 60, null), model(1, 30, 0.7)]);
  expect(measured).toEqual([
    { number: 1, isProvisional: true, numLabels: 30, accuracy: 0.7, low: 0.7, high: 0.7 },
    { number: 3, isProvisional: false, numLabels: 90, accuracy: 0.9, low: 0.84, high: 0.9 },
  ]);
  expect(chartRange(measured)).toEqual({ low: 0.7, high: 1, first: 30, last: 90 });
});

test("the accuracy axis spans a tenth at least", () => {
  expect(chartRange(measuredModels([model(1, 5, 0.99, 0.97)])).low).toBe(0.9);
});

test("models of the same number of labels make no curve", () => {
  const first = model(1, 60, 0.8);
  expect(isCurve(measuredModels([first, model(2, 60, 0.9)]))).toBe(false);
  expect(isCurve(measuredModels([first, model(2, 60, 0.9), model(3, 90, 0.9)]))).toBe(true);
  expect(isCurve(measuredModels([first]))).toBe(false);
  expect(isCurve([])).toBe(false);
});
