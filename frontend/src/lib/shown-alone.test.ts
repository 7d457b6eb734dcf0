import { expect, test } from "vitest";
import { countPassing, filterMask, NO_FILTER } from "./filter";
import { countTaken, shownAlone, withShownAlone } from "./shown-alone";
import { data } from "./six-images.fixture";

test("what is shown alone is known by its filter, and its end clears what it set", () => {
  for (const alone of [
    { step: 70, classId: null },
    { step: null, classId: 3 },
    { step: 50, classId: 3 },
  ] as const) {
    const filter = withShownAlone(NO_FILTER, alone);
    expect(filter.labels).toEqual([0]);
    expect(shownAlone(filter)).toEqual(alone);
    expect(withShownAlone(filter, { step: null, classId: null })).toEqual(NO_FILTER);
  }
});

test("filters of another kind are none of it", () => {
  const none = { step: null, classId: null };
  expect(shownAlone(NO_FILTER)).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, labels: [0], confidence: [0, 71] })).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, labels: [0], confidence: [1, 70] })).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, labels: [3], confidence: [0, 70] })).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, labels: [0], predictions: [0] })).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, labels: [0], predictions: [2, 3] })).toEqual(none);
  expect(shownAlone({ ...NO_FILTER, predictions: [3] })).toEqual(none);
});

test("a change of one leaves the other, and what somebody else asked for", () => {
  const both = withShownAlone({ ...NO_FILTER, text: "cat" }, { step: 70, classId: 3 });
  expect(withShownAlone(both, { step: null })).toEqual({
    ...NO_FILTER,
    text: "cat",
    labels: [0],
    predictions: [3],
  });
  expect(withShownAlone(both, { classId: 4 })).toEqual({ ...both, predictions: [4] });
  const asked = { ...NO_FILTER, predictions: [1, 2] };
  expect(withShownAlone(asked, { step: 90 })).toEqual({ ...asked, labels: [0], confidence: [0, 90] });
});

test("of each class is counted what its filter shows: predicted, not removed, without a label", () => {
  const taken = countTaken({ ...data, predictedClass: data.predictions }, data.labels);
  expect([...taken]).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 1]);
  for (const classId of [7, 8]) {
    const mask = filterMask(withShownAlone(NO_FILTER, { classId }), data);
    expect(countPassing(mask, data.numImages)).toBe(taken[classId]);
  }
  expect(countTaken({ ...data, predictedClass: null }, data.labels)).toHaveLength(0);
  expect(countTaken(null, data.labels)).toHaveLength(0);
});
