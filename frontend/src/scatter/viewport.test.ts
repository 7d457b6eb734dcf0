import { describe, expect, test } from "vitest";
import {
  boundsOf,
  checkCamera,
  fitBounds,
  mixCameras,
  type Point,
  pan,
  pinch,
  screenToWorld,
  worldToScreen,
  zoomAbout,
} from "./viewport";

const size = { width: 800, height: 300 };
const camera = { x: 2, y: -1, zoom: 50 };

test("the middle of the view is the camera, y goes up in the world and down on the screen", () => {
  expect(worldToScreen(camera, size, [2, -1])).toEqual([400, 150]);
  expect(worldToScreen(camera, size, [3, 1])).toEqual([450, 50]);
});

test("screenToWorld undoes worldToScreen", () => {
  const world = screenToWorld(camera, size, [13, 291]);
  expect(world[0]).toBeCloseTo(2 + (13 - 400) / 50, 12);
  expect(world[1]).toBeCloseTo(-1 - (291 - 150) / 50, 12);
  const back = worldToScreen(camera, size, world);
  expect(back[0]).toBeCloseTo(13, 9);
  expect(back[1]).toBeCloseTo(291, 9);
});

test("panning moves the content with the pointer", () => {
  const moved = pan(camera, 30, -20);
  expect(worldToScreen(moved, size, [2, -1])).toEqual([430, 130]);
});

test("zooming keeps the world point under the cursor", () => {
  const at: Point = [700, 40];
  const before = screenToWorld(camera, size, at);
  const zoomed = zoomAbout(camera, size, at, 2.5);
  expect(zoomed.zoom).toBe(125);
  const after = screenToWorld(zoomed, size, at);
  expect(after[0]).toBeCloseTo(before[0], 12);
  expect(after[1]).toBeCloseTo(before[1], 12);
});

test("a pinch keeps both world points under their fingers", () => {
  const from: [Point, Point] = [
    [100, 100],
    [300, 100],
  ];
  const to: [Point, Point] = [
    [80, 160],
    [480, 160],
  ];
  const after = pinch(camera, size, from, to);
  expect(after.zoom).toBe(100);
  for (const k of [0, 1] as const) {
    const [x, y] = worldToScreen(after, size, screenToWorld(camera, size, from[k]));
    expect(x).toBeCloseTo(to[k][0], 9);
    expect(y).toBeCloseTo(to[k][1], 9);
  }
});

describe("fitBounds", () => {
  test("takes the tighter of the two sides, not square", () => {
    const wide = fitBounds({ minX: 0, minY: 0, maxX: 14, maxY: 2 }, size, 50, Infinity);
    expect(wide).toEqual({ x: 7, y: 1, zoom: 50 });
    const tall = fitBounds({ minX: -1, minY: 0, maxX: 1, maxY: 8 }, size, 50, Infinity);
    expect(tall).toEqual({ x: 0, y: 4, zoom: 25 });
  });

  test("a single place is shown at zoom 1, and never closer than asked", () => {
    expect(fitBounds({ minX: 3, minY: 4, maxX: 3, maxY: 4 }, size, 10, Infinity)).toEqual({
      x: 3,
      y: 4,
      zoom: 1,
    });
    expect(fitBounds({ minX: 0, minY: 0, maxX: 1, maxY: 1 }, size, 0, 9).zoom).toBe(9);
  });
});

test("boundsOf leaves out items without a place and those not included", () => {
  const positions = new Float32Array([1, 2, Number.NaN, Number.NaN, -3, 8, 100, 100]);
  expect(boundsOf(positions, 4, (item) => item !== 3)).toEqual({ minX: -3, minY: 2, maxX: 1, maxY: 8 });
  expect(boundsOf(positions, 4, (item) => item === 1)).toBeNull();
});

describe("mixCameras", () => {
  test("starts and ends exactly, with the zoom by even factors", () => {
    const to = { x: 6, y: 3, zoom: 200 };
    expect(mixCameras(camera, to, 0)).toEqual(camera);
    expect(mixCameras(camera, to, 1)).toBe(to);
    expect(mixCameras(camera, to, 0.5).zoom).toBeCloseTo(100, 9);
  });

  test("a zoom about a point keeps that point still on the way", () => {
    const at: Point = [650, 220];
    const still = screenToWorld(camera, size, at);
    const to = zoomAbout(camera, size, at, 4);
    for (const t of [0.25, 0.5, 0.9]) {
      const [x, y] = worldToScreen(mixCameras(camera, to, t), size, still);
      expect(x).toBeCloseTo(650, 6);
      expect(y).toBeCloseTo(220, 6);
    }
  });

  test("without a change of zoom it goes straight", () => {
    expect(mixCameras(camera, { x: 4, y: 1, zoom: 50 }, 0.5)).toEqual({ x: 3, y: 0, zoom: 50 });
  });
});

test("checkCamera names the bad number", () => {
  expect(() => checkCamera({ x: Number.NaN, y: 0, zoom: 1 })).toThrow("(NaN, 0)");
  expect(() => checkCamera({ x: 0, y: 0, zoom: 0 })).toThrow("camera.zoom is 0");
});
