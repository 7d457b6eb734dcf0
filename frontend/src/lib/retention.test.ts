import { expect, test } from "vitest";
import { positionOfRetention, retentionLabel, retentionOfPosition, SLIDER_MAX } from "./retention";

test("positions and retentions are inverses over the whole slider", () => {
  for (let position = 0; position <= SLIDER_MAX; position += 1) {
    expect(positionOfRetention(retentionOfPosition(position))).toBe(position);
  }
});

test("the ends are one half and the whole image, before it 0.99", () => {
  expect([0, 45, 49, 50].map(retentionOfPosition)).toEqual([0.5, 0.95, 0.99, 1]);
});

test("labels", () => {
  expect([0.5, 0.95, 1].map(retentionLabel)).toEqual(["50\u00a0%", "95\u00a0%", "whole"]);
});
