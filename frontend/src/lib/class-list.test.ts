import { expect, test } from "vitest";
import { findClasses, moveTo, offeredClasses } from "./class-list";

const named = (...names: string[]) =>
  names.map((name, id) => ({ id, name, hotkey: id < 2 ? String(id) : "" }));
const birds = named("great gull", "sea-gull", "gull", "Gull, young", "seagull", "tern");
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

test("the whole name comes first, then beginnings, then words, then any place", () => {
  expect(names(findClasses(birds, " GULL "))).toEqual([
    "gull",
    "Gull, young",
    "great gull",
    "sea-gull",
    "seagull",
  ]);
});

test("every typed word must be there, and nothing typed finds all in their order", () => {
  expect(names(findClasses(birds, "gull gr"))).toEqual(["great gull"]);
  expect(findClasses(birds, " ")).toBe(birds);
  expect(findClasses(birds, "owl")).toEqual([]);
});

test("a class moves to a position of the new list", () => {
  expect(moveTo([1, 2, 3, 4], 1, 2)).toEqual([2, 3, 1, 4]);
  expect(moveTo([1, 2, 3, 4], 4, 0)).toEqual([4, 1, 2, 3]);
  expect(moveTo([1, 2, 3], 1, 99)).toEqual([2, 3, 1]);
  expect(moveTo([1, 2, 3], 2, -1)).toEqual([2, 1, 3]);
});

test("of many classes those predicted are offered first, then those with keys", () => {
  const predicted = [
    { classId: 4, count: 9 },
    { classId: 2, count: 1 },
  ];
  expect(offeredClasses(birds, predicted, 4).map(({ id }) => id)).toEqual([4, 2, 0, 1]);
  expect(offeredClasses(birds, predicted, 6)).toBe(birds);
});
