import { describe, expect, test } from "vitest";
import { binPolygon, boxPolygon, isInside } from "./lasso";

function inside(polygon: number[], x: number, y: number): boolean {
  const binned = binPolygon(new Float32Array(polygon));
  if (!binned) throw new Error("the polygon is empty");
  return isInside(binned, x, y);
}

describe("isInside", () => {
  test("a wide triangle, not square", () => {
    const triangle = [0, 0, 8, 0, 0, 2];
    expect(inside(triangle, 1, 1)).toBe(true);
    expect(inside(triangle, 3.9, 1)).toBe(true);
    expect(inside(triangle, 4.1, 1)).toBe(false);
    expect(inside(triangle, -0.1, 1)).toBe(false);
    expect(inside(triangle, 1, 2.1)).toBe(false);
  });

  test("a notch is outside", () => {
    const shape = [0, 0, 10, 0, 10, 6, 5, 1, 0, 6];
    expect(inside(shape, 5, 0.5)).toBe(true);
    expect(inside(shape, 5, 3)).toBe(false);
    expect(inside(shape, 1, 3)).toBe(true);
    expect(inside(shape, 9, 3)).toBe(true);
  });

  test("what is wound around twice is outside (even-odd)", () => {
    const twice = [0, 0, 6, 0, 6, 6, 0, 6, 0, 0, 2, 2, 4, 2, 4, 4, 2, 4, 2, 2];
    expect(inside(twice, 1, 1)).toBe(true);
    expect(inside(twice, 3, 3)).toBe(false);
  });

  test("neighbouring boxes share no point of their common edge", () => {
    const left = boxPolygon(0, 0, 2, 3);
    const right = boxPolygon(4, 3, 2, 0);
    for (const y of [0, 1, 2.999]) {
      const both = [left, right].map((box) => inside([...box], 2, y));
      expect(both).toEqual([false, true]);
    }
  });

  test("agrees with a plain crossing count for a jagged outline", () => {
    const outline: number[] = [];
    for (let k = 0; k < 199; k++) {
      const angle = (k / 199) * 2 * Math.PI;
      const reach = 3 + 2 * Math.sin(17 * angle) + ((k * 7919) % 13) / 20;
      outline.push(2 * reach * Math.cos(angle), reach * Math.sin(angle));
    }
    const polygon = new Float32Array(outline);
    const binned = binPolygon(polygon);
    if (!binned) throw new Error("the polygon is empty");
    let numInside = 0;
    for (let k = 0; k < 3000; k++) {
      const x = -11 + ((k * 0.7548776662) % 1) * 22;
      const y = -6 + ((k * 0.5698402909) % 1) * 12;
      const isIn = isInside(binned, x, y);
      if (isIn) numInside++;
      expect(isIn).toBe(crossings(polygon, x, y) % 2 === 1);
    }
    expect(numInside).toBeGreaterThan(300);
  });
});

test("fewer than three points, or no area, enclose nothing", () => {
  expect(binPolygon(new Float32Array([0, 0, 5, 5]))).toBeNull();
  expect(binPolygon(new Float32Array([0, 1, 5, 1, 9, 1]))).toBeNull();
});

function crossings(polygon: Float32Array, x: number, y: number): number {
  let count = 0;
  const n = polygon.length / 2;
  for (let k = 0; k < n; k++) {
    const [x1, y1] = [polygon[2 * k] as number, polygon[2 * k + 1] as number];
    const next = (k + 1) % n;
    const [x2, y2] = [polygon[2 * next] as number, polygon[2 * next + 1] as number];
    if (y1 <= y === y2 <= y) continue;
    if (x >= x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) count++;
  }
  return count;
}
