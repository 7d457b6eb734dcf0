import { expect, test } from "vitest";
import { trainingProgress } from "./training-progress";

test("missing labels are counted per class, surplus of one does not help another", () => {
  expect(trainingProgress([30, 20, 5, 0], 20)).toEqual({
    numReady: 2,
    numClasses: 4,
    numMissing: 35,
    text: "2/4 ready · 35 to go",
  });
});

test("every class full, or too few classes", () => {
  expect(trainingProgress([20, 21], 20).text).toBe("all ready to train");
  expect(trainingProgress([50], 20).text).toBe("needs two classes");
});
