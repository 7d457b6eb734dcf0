import { expect, test } from "vitest";
import { countPresent, nextPresent, onlyPresent, withoutRemoved } from "./removed";

const removed = Uint8Array.of(0, 1, 1, 0);

test("removed images are counted out", () => {
  expect(countPresent(removed, 4)).toBe(2);
  expect(countPresent(null, 4)).toBe(4);
});

test("a set without removed images is given back as it is", () => {
  const indexes = Uint32Array.of(0, 3);
  expect(onlyPresent(indexes, removed)).toBe(indexes);
  expect(onlyPresent(indexes, null)).toBe(indexes);
  expect([...onlyPresent(Uint32Array.of(0, 1, 3), removed)]).toEqual([0, 3]);
});

test("removed images lose their place and the others keep theirs", () => {
  const layout = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  const { NaN: no } = Number;
  expect([...withoutRemoved(layout, removed)]).toEqual([0, 1, no, no, no, no, 6, 7]);
  expect(layout[2]).toBe(2);
  expect(withoutRemoved(layout, null)).toBe(layout);
});

test("a walk steps over removed images and ends at the ends", () => {
  expect(nextPresent(0, 1, 4, removed)).toBe(3);
  expect(nextPresent(3, -1, 4, removed)).toBe(0);
  expect(nextPresent(3, 1, 4, removed)).toBeNull();
  expect(nextPresent(0, -1, 4, removed)).toBeNull();
});
