import { expect, test } from "vitest";
import { marginalsOf } from "./marginals";

const shape = { height: 2, width: 3 };

test("the first codes are x, then y, squared back to shares", () => {
  const profiles = Uint8Array.of(9, 9, 9, 9, 9, 255, 51, 0, 0, 255);
  expect(marginalsOf(profiles, shape, 1)).toEqual({ x: [1, 0.2 ** 2, 0], y: [0, 1] });
});

test("an empty map and an image without a row have none", () => {
  expect(marginalsOf(new Uint8Array(5), shape, 0)).toBeNull();
  expect(marginalsOf(new Uint8Array(5).fill(7), shape, 1)).toBeNull();
});
