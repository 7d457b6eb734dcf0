import { expect, test } from "vitest";
import { spreadIndexes } from "./use-example-images";

test("examples are spread over all images, each once", () => {
  expect(spreadIndexes(100, 4)).toEqual([12, 37, 62, 87]);
  expect(spreadIndexes(3, 9)).toEqual([0, 1, 2]);
  expect(spreadIndexes(0, 9)).toEqual([]);
});
