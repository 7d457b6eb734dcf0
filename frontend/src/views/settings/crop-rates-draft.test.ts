import { expect, test } from "vitest";
import type { CropRates } from "../../api/types";
import { balanced, draftOf, faultOf, requestOf, sumOf, withNewRate } from "./crop-rates-draft";

const SAVED: CropRates = {
  version: 3,
  created_at: null,
  kind: "by_object_size",
  rates: [
    { retention: null, share: 0.3 },
    { retention: 0.95, share: 0.7 },
  ],
  overrides: [{ class_id: 4, retention: 0.8 }],
};

const rows = (...pairs: [number | null, number][]) =>
  pairs.map(([keepPercent, sharePercent], key) => ({ key, keepPercent, sharePercent }));

test("what is saved comes back as it was", () => {
  const { version: _, created_at: __, ...body } = SAVED;
  expect(requestOf(draftOf(SAVED))).toEqual(body);
});

test("a third three times is not a hundred, and the last row can take the rest", () => {
  const rates = rows([95, 33.33], [80, 33.33], [60, 33.33]);
  expect(sumOf(rates)).toBe(99.99);
  expect(faultOf({ kind: "random", rates, overrides: [] })).toContain("99.99 %");
  const even = balanced(rates);
  expect(even[2].sharePercent).toBe(33.34);
  expect(faultOf({ kind: "random", rates: even, overrides: [] })).toBeNull();
});

test("the last row cannot take less than nothing", () => {
  const rates = rows([95, 90], [80, 20], [60, 5]);
  expect(balanced(rates)).toBe(rates);
});

test("each fault is told with its number", () => {
  const fault = (...pairs: [number | null, number][]) =>
    faultOf({ kind: "random", rates: rows(...pairs), overrides: [] });
  expect(fault([95, 0], [80, 100])).toBe("A share is 0 %; it is above 0 and at most 100 %.");
  expect(fault([120, 100])).toBe("A crop keeps 120 %; it is above 0 and at most 100 %.");
  expect(fault([null, 50], [null, 50])).toBe("Two rows keep the same; give it one share.");
  expect(fault([95, 60], [80, 60])).toBe("The shares add up to 120 %; they must add up to 100 %.");
});

test("a new row has an unused rate and what is left of the shares", () => {
  const added = withNewRate(rows([null, 30], [95, 50]));
  expect(added[2]).toEqual({ key: 2, keepPercent: 90, sharePercent: 20 });
});
