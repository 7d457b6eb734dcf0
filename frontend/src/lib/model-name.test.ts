import { expect, test } from "vitest";
import { modelName, whyProvisional } from "./model-name";

test("a provisional model is called so", () => {
  expect(modelName({ number: 3, is_provisional: true })).toBe("Model 3 (provisional)");
  expect(modelName({ number: 4, is_provisional: false })).toBe("Model 4");
});

test("the reason names the labels that were missing", () => {
  const project = { labels_per_class_to_train: 100 };
  expect(whyProvisional({ is_provisional: true }, project)).toBe(
    "Trained before every class had 100 labels: its numbers will still move.",
  );
  expect(whyProvisional({ is_provisional: false }, project)).toBeNull();
});
