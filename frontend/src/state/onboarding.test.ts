import { expect, test } from "vitest";
import { currentStep, isSkipped, skipSteps } from "./onboarding";

test("the steps come one after the other and end with the first label", () => {
  const at = (numImages: number, numClasses: number, numLabelled: number) =>
    currentStep({ numImages, numClasses, numLabelled });
  expect(at(0, 5, 0)).toBe("import");
  expect(at(9, 1, 0)).toBe("classes");
  expect(at(9, 2, 0)).toBe("label");
  expect(at(9, 2, 1)).toBeNull();
});

test("skipping is kept for the project", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
  };
  skipSteps(4, storage);
  expect([isSkipped(4, storage), isSkipped(5, storage)]).toEqual([true, false]);
});
