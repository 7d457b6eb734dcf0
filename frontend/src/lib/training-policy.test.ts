import { expect, test } from "vitest";
import { firstTraining, RECIPES, trainsNetwork, whatBringsAModel, whenItTrains } from "./training-policy";

const POLICY = {
  trains_by_itself: true,
  labels_per_class_to_train: 100,
  provisional_labels_per_class: 10,
  retrain_percent: 20,
};

test("the policy in words", () => {
  expect(whenItTrains(POLICY)).toBe(
    "A provisional model comes at 10 in every class. A model is trained when every class has 100 labels, and again with 20\u00a0% more.",
  );
  expect(whenItTrains({ ...POLICY, provisional_labels_per_class: null })).toBe(
    "A model is trained when every class has 100 labels, and again with 20\u00a0% more.",
  );
  expect(whenItTrains({ ...POLICY, trains_by_itself: false })).toBe(
    "A model is trained only when somebody asks for it.",
  );
});

test("a provisional model that would come later than the full one is none", () => {
  expect(firstTraining({ ...POLICY, labels_per_class_to_train: 5 })).toBe(5);
  expect(whenItTrains({ ...POLICY, labels_per_class_to_train: 5 })).not.toContain("provisional");
});

test("the first model in words", () => {
  expect(whatBringsAModel(POLICY)).toBe("At 10 labels in every class a first model trains by itself.");
  expect(whatBringsAModel({ ...POLICY, provisional_labels_per_class: null })).toBe(
    "At 100 labels in every class a first model trains by itself.",
  );
  expect(whatBringsAModel({ ...POLICY, trains_by_itself: false })).toBe(
    "A model is trained when somebody asks for it.",
  );
});

test("attention dropout belongs to recipes that train the network", () => {
  expect(RECIPES.filter((entry) => trainsNetwork(entry.id)).map((entry) => entry.id)).toEqual([
    "last_stage",
    "whole",
  ]);
});
