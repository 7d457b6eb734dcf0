import { describe, expect, test } from "vitest";
import { DIMMED, Items } from "./items";
import { clusterAround, grownBy, nearestTo } from "./neighbourhood";

function itemsAt(...places: (readonly [number, number])[]): Items {
  const items = new Items();
  items.replace({ numItems: places.length, positionsA: new Float32Array(places.flat()) });
  return items;
}

/** A sheet of `columns` x `rows` items one unit apart. */
const sheet = (columns: number, rows: number, x0: number, y0: number, spacing = 1) =>
  Array.from(
    { length: columns * rows },
    (_, k) => [x0 + spacing * (k % columns), y0 + spacing * Math.floor(k / columns)] as const,
  );

describe("grownBy", () => {
  const items = itemsAt([0, 0], [3, 0], [3, 4], [9, 0], [-3, -4]);

  test("takes what is at most the radius away, in any direction", () => {
    expect([...grownBy(items, Uint32Array.of(0), 3)]).toEqual([0, 1]);
    expect([...grownBy(items, Uint32Array.of(0), 5)]).toEqual([0, 1, 2, 4]);
    expect([...grownBy(items, Uint32Array.of(1, 4), 4)]).toEqual([0, 1, 2, 4]);
  });

  test("again and again it reaches everything", () => {
    let chosen: Uint32Array = Uint32Array.of(4);
    for (let step = 0; step < 3; step++) chosen = grownBy(items, chosen, 6);
    expect([...chosen]).toEqual([0, 1, 2, 3, 4]);
  });

  test("never takes a dimmed item, and no distance takes nothing more", () => {
    items.setFlag(DIMMED, new Uint8Array([0, 1, 0, 0, 0]));
    expect([...grownBy(items, Uint32Array.of(0), 5)]).toEqual([0, 2, 4]);
    expect([...grownBy(items, Uint32Array.of(0), 0)]).toEqual([0]);
  });
});

describe("clusterAround", () => {
  const near = sheet(8, 5, 0, 0);
  const far = sheet(7, 6, 40, 3);
  const items = itemsAt(...near, ...far, [20, 2]);

  test("takes the whole cloud and neither the next one nor what lies between", () => {
    const first = Array.from({ length: near.length }, (_, k) => k);
    const second = Array.from({ length: far.length }, (_, k) => near.length + k);
    expect([...clusterAround(items, 17)]).toEqual(first);
    expect([...clusterAround(items, near.length + 3)]).toEqual(second);
  });

  test("ends where a dense cloud thins out", () => {
    const dense = sheet(6, 6, 0, 0, 0.2);
    const thin = sheet(6, 6, 1.6, 0, 1.2);
    const found = clusterAround(itemsAt(...dense, ...thin), 14);
    expect(found.length).toBeGreaterThanOrEqual(dense.length);
    expect(found.length).toBeLessThan(dense.length + 8);
  });

  test("around a lone item is itself", () => {
    expect([...clusterAround(itemsAt([5, 5]), 0)]).toEqual([0]);
  });
});

test("nearestTo finds the nearest within reach", () => {
  const items = itemsAt([0, 0], [2, 1]);
  expect(nearestTo(items, 1.5, 0.5, 1)).toBe(1);
  expect(nearestTo(items, 9, 9, 1)).toBeNull();
});
