import { expect, test } from "vitest";
import { middleOf, type NameBox, namesThatFit } from "./map-names";

const name = (x: number, y: number, weight: number): NameBox => ({ x, y, width: 60, height: 20, weight });

test("of names that lie over each other the heaviest is shown", () => {
  expect(namesThatFit([name(0, 0, 5), name(40, 10, 9), name(200, 0, 1)])).toEqual([false, true, true]);
});

test("a name that gave way frees its ground for another", () => {
  // The second lies over both others, which are clear of each other.
  expect(namesThatFit([name(0, 0, 9), name(50, 0, 5), name(100, 0, 1)])).toEqual([true, false, true]);
});

test("names need four pixels between them", () => {
  expect(namesThatFit([name(0, 0, 2), name(63, 0, 1)])).toEqual([true, false]);
  expect(namesThatFit([name(0, 0, 2), name(64, 0, 1)])).toEqual([true, true]);
  expect(namesThatFit([name(0, 0, 2), name(0, 24, 1)])).toEqual([true, true]);
});

test("the middle is that of the bounds, not of the corners", () => {
  expect(
    middleOf([
      [0, 0],
      [4, 0],
      [4, 2],
      [3, 2],
    ]),
  ).toEqual([2, 1]);
});
