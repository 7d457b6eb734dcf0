import { expect, test } from "vitest";
import { countDoubtful, nextDoubt } from "./doubt";
import { countPassing, filterMask, NO_FILTER } from "./filter";
import { withShownAlone } from "./shown-alone";
import { data } from "./six-images.fixture";

const count = (of = data) => countDoubtful({ ...of, predictedClass: of.predictions }, of.labels);

test("each step counts what its filter shows", () => {
  expect(count()).toEqual([3, 2, 1]);
  for (const [at, step] of ([90, 70, 50] as const).entries()) {
    const mask = filterMask(withShownAlone(NO_FILTER, { step }), data);
    expect(countPassing(mask, data.numImages)).toBe(count()[at]);
  }
  expect(countDoubtful({ ...data, predictedClass: null }, data.labels)).toEqual([0, 0, 0]);
  expect(countDoubtful(null, data.labels)).toEqual([0, 0, 0]);
});

test("the key goes through the steps that show something and back to all images", () => {
  expect(nextDoubt(null, [3, 2, 1])).toBe(90);
  expect(nextDoubt(90, [3, 2, 0])).toBe(70);
  expect(nextDoubt(70, [3, 2, 0])).toBeNull();
  expect(nextDoubt(null, [0, 0, 0])).toBeNull();
});
