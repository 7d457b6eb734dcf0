import { expect, test } from "vitest";
import { moveInGrid, rangeOf } from "./grid-moves";

// Seven tiles in three columns: 0 1 2 / 3 4 5 / 6
const from = (position: number, rows = 1) => ({ from: position, count: 7, numColumns: 3, rows });

test("arrows go to neighbours and stop at the ends", () => {
  expect(moveInGrid("ArrowRight", from(2))).toBe(3);
  expect(moveInGrid("ArrowLeft", from(0))).toBe(0);
  expect(moveInGrid("ArrowDown", from(1))).toBe(4);
  expect(moveInGrid("ArrowDown", from(5))).toBe(6);
  expect(moveInGrid("ArrowUp", from(1))).toBe(0);
  expect(moveInGrid("PageDown", from(0, 2))).toBe(6);
  expect(moveInGrid("Home", from(5))).toBe(0);
  expect(moveInGrid("End", from(0))).toBe(6);
});

test("the first key lands on the first tile, End on the last", () => {
  expect(moveInGrid("ArrowDown", from(-1))).toBe(0);
  expect(moveInGrid("End", from(-1))).toBe(6);
});

test("other keys move nothing, and nothing moves in an empty grid", () => {
  expect(moveInGrid("a", from(1))).toBeNull();
  expect(moveInGrid("End", { from: -1, count: 0, numColumns: 3, rows: 1 })).toBeNull();
});

test("a range holds both its ends, whichever comes first", () => {
  expect(rangeOf(4, 2)).toEqual([2, 3, 4]);
  expect(rangeOf(1, 1)).toEqual([1]);
});
