import { describe, expect, test } from "vitest";
import { ItemGrid } from "./item-grid";
import { binPolygon, boxPolygon, isInside } from "./lasso";

const NONE = Number.NaN;

function near(grid: ItemGrid, x: number, y: number, reach: number): number[] {
  const found: number[] = [];
  grid.forNear(x, y, reach, (item) => found.push(item));
  return found.sort((a, b) => a - b);
}

function within(places: Float32Array, vertices: Float32Array): number[] {
  const polygon = binPolygon(vertices);
  if (!polygon) throw new Error("the polygon is empty");
  const found: number[] = [];
  new ItemGrid(places).forCellsOf(polygon, (items, from, end, side) => {
    for (const item of items.subarray(from, end)) {
      const isIn = isInside(polygon, places[2 * item] as number, places[2 * item + 1] as number);
      if (side === "inside") expect(isIn).toBe(true);
      if (isIn) found.push(item);
    }
  });
  return found.sort((a, b) => a - b);
}

/** N places over 8 x 2, evenly scattered, every 50th without one. */
function scattered(numItems: number): Float32Array {
  const places = new Float32Array(2 * numItems);
  for (let k = 0; k < numItems; k++) {
    places[2 * k] = k % 50 === 7 ? NONE : ((k * 0.7548776662) % 1) * 8;
    places[2 * k + 1] = k % 50 === 7 ? NONE : ((k * 0.5698402909) % 1) * 2;
  }
  return places;
}

describe("forNear", () => {
  test("takes what is at most the reach away along x and along y", () => {
    const grid = new ItemGrid(Float32Array.of(0, 0, 3, 1, 3, -1, 9, 0, NONE, NONE));
    expect(near(grid, 2, 0, 1)).toEqual([1, 2]);
    expect(near(grid, 2, 0, 2)).toEqual([0, 1, 2]);
    expect(near(grid, 100, 0, 91)).toEqual([3]);
    expect(near(grid, 100, 0, 90)).toEqual([]);
    expect(near(grid, -5, 0, 4)).toEqual([]);
  });

  test("agrees with a scan of 3,000 places", () => {
    const places = scattered(3000);
    const grid = new ItemGrid(places);
    for (const [x, y, reach] of [
      [4, 1, 0.3],
      [0, 0, 0.5],
      [8, 2, 3],
      [4, -1, 1.2],
    ] as const) {
      const expected = Array.from({ length: 3000 }, (_, k) => k).filter(
        (k) =>
          Math.abs((places[2 * k] as number) - x) <= reach &&
          Math.abs((places[2 * k + 1] as number) - y) <= reach,
      );
      expect(expected.length).toBeGreaterThan(0);
      expect(near(grid, x, y, reach)).toEqual(expected);
    }
  });

  test("no items, none placed, all in one place", () => {
    expect(near(new ItemGrid(new Float32Array(0)), 0, 0, 1)).toEqual([]);
    expect(near(new ItemGrid(Float32Array.of(NONE, NONE)), 0, 0, 1)).toEqual([]);
    expect(near(new ItemGrid(Float32Array.of(5, 5, 5, 5)), 5, 4, 1)).toEqual([0, 1]);
  });
});

describe("forCellsOf", () => {
  test("a star over 3,000 places: the same items as a test of each", () => {
    const places = scattered(3000);
    const star = new Float32Array(2 * 101);
    for (let k = 0; k < 101; k++) {
      const angle = (k / 101) * 2 * Math.PI;
      const reach = 0.6 + 0.35 * Math.sin(7 * angle);
      star[2 * k] = 4 + 4 * reach * Math.cos(angle);
      star[2 * k + 1] = 1 + reach * Math.sin(angle);
    }
    const polygon = binPolygon(star);
    if (!polygon) throw new Error("the polygon is empty");
    const expected = Array.from({ length: 3000 }, (_, k) => k).filter((k) =>
      isInside(polygon, places[2 * k] as number, places[2 * k + 1] as number),
    );
    expect(expected.length).toBeGreaterThan(500);
    expect(within(places, star)).toEqual(expected);
  });

  test("a box whose level edges go through the middle of cells", () => {
    const places = scattered(3000);
    const expected = Array.from({ length: 3000 }, (_, k) => k).filter((k) => {
      const [x, y] = [places[2 * k] as number, places[2 * k + 1] as number];
      return x >= 1.03 && x < 6.01 && y >= 0.517 && y < 1.333;
    });
    expect(within(places, boxPolygon(1.03, 0.517, 6.01, 1.333))).toEqual(expected);
  });

  test("a polygon around all of it, one inside a single cell, and one beside it", () => {
    const places = Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1, NONE, NONE);
    expect(within(places, boxPolygon(-9, -9, 9, 9))).toEqual([0, 1, 2, 3]);
    expect(within(places, boxPolygon(0.9, 0.9, 1.1, 1.1))).toEqual([3]);
    expect(within(places, boxPolygon(2, 2, 3, 3))).toEqual([]);
    expect(within(Float32Array.of(5, 5, 5, 5), boxPolygon(4, 4, 6, 6))).toEqual([0, 1]);
  });
});
