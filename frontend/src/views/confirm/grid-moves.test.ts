import { expect, test } from "vitest";
import { moveIn } from "./grid-moves";

test("arrows move by one and by a row, and stay inside", () => {
  expect(moveIn("ArrowRight", 3, 10, 4)).toBe(4);
  expect(moveIn("ArrowDown", 3, 10, 4)).toBe(7);
  expect(moveIn("ArrowDown", 7, 10, 4)).toBe(7);
  expect(moveIn("ArrowUp", 2, 10, 4)).toBe(2);
  expect(moveIn("ArrowLeft", 0, 10, 4)).toBe(0);
  expect(moveIn("End", 0, 10, 4)).toBe(9);
  expect(moveIn("Home", 5, 10, 4)).toBe(0);
});

test("other keys and empty grids do not move", () => {
  expect(moveIn("a", 3, 10, 4)).toBeNull();
  expect(moveIn("ArrowRight", 0, 0, 4)).toBeNull();
});
