import { expect, test } from "vitest";
import { combineIndexes, indexesOfClass, invertIndexes, unlabelledIndexes } from "./selections";

const labels = Int32Array.of(0, 7, 9, 7);

test("inverting takes the others", () => {
  expect([...invertIndexes(Uint32Array.of(1, 3), 5)]).toEqual([0, 2, 4]);
  expect([...invertIndexes(Uint32Array.of(), 2)]).toEqual([0, 1]);
});

test("images beyond the labels have none", () => {
  expect([...unlabelledIndexes(labels, 6)]).toEqual([0, 4, 5]);
});

test("one class is found", () => {
  expect([...indexesOfClass(labels, 7)]).toEqual([1, 3]);
});

test("a gesture replaces, adds, takes away or keeps what both have", () => {
  const current = Uint32Array.of(2, 5, 100);
  const given = Uint32Array.of(5, 9, 30);
  const none = new Uint32Array();
  expect([...combineIndexes(current, given, "replace")]).toEqual([5, 9, 30]);
  expect([...combineIndexes(current, given, "add")]).toEqual([2, 5, 9, 30, 100]);
  expect([...combineIndexes(current, given, "subtract")]).toEqual([2, 100]);
  expect([...combineIndexes(current, given, "intersect")]).toEqual([5]);
  expect([...combineIndexes(none, given, "add")]).toEqual([5, 9, 30]);
  expect([...combineIndexes(current, none, "subtract")]).toEqual([2, 5, 100]);
  expect([...combineIndexes(current, none, "intersect")]).toEqual([]);
});
