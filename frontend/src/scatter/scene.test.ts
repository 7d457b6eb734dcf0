import { beforeEach, describe, expect, test } from "vitest";
import { CROP_RULE } from "./defaults";
import { hasItemInView, itemsInside, nearestInDirection, pick } from "./hit-test";
import { DIMMED, HIDDEN, Items, SELECTED } from "./items";
import { binPolygon, boxPolygon } from "./lasso";
import { ALL_THUMBNAILS, cropBoxOf, neededCells, rectangleOf, type Scene } from "./scene";

let items: Items;

/** Three places in a row 2 world units apart, and one above; 40 px a unit. */
beforeEach(() => {
  items = new Items();
  items.replace({
    numItems: 4,
    positionsA: new Float32Array([0, 0, 2, 0, 4, 0, 2, 1.5]),
    aspect: new Uint8Array([128, 192, 128, 128]),
  });
});

function scene(changes: Partial<Scene> = {}): Scene {
  return {
    items,
    camera: { x: 2, y: 0, zoom: 40 },
    size: { width: 400, height: 200 },
    pixelRatio: 1,
    thumbnailPx: 32,
    dotRadiusPx: 4,
    front: ALL_THUMBNAILS,
    retention: 0.95,
    cropAmount: 1,
    cropRule: CROP_RULE,
    ...changes,
  };
}

describe("rectangleOf", () => {
  test("a whole picture keeps its aspect ratio inside the square", () => {
    expect(rectangleOf(scene(), 0)).toEqual([104, 84, 136, 116]);
    expect(rectangleOf(scene(), 1)).toEqual([184, 92, 216, 108]);
  });

  test("a dot is as wide as its radius, a selected one wider", () => {
    expect(rectangleOf(scene({ front: 0 }), 1)).toEqual([196, 96, 204, 104]);
    items.setFlag(SELECTED, new Uint8Array([0, 1, 0, 0]));
    const [x1, , x2] = rectangleOf(scene({ front: 0 }), 1) as [number, number, number, number];
    expect(x2 - x1).toBeCloseTo(10.4, 9);
  });

  test("a code half grown is half way from dot to thumbnail", () => {
    items.codesA.fill(7);
    items.codesB.fill(7);
    expect(rectangleOf(scene({ front: 7.5 }), 0)).toEqual([110, 90, 130, 110]);
    expect(rectangleOf(scene({ front: 7 }), 0)).toEqual([116, 96, 124, 104]);
  });

  test("hidden and placeless items have none", () => {
    items.setFlag(HIDDEN, new Uint8Array([1, 0, 0, 0]));
    expect(rectangleOf(scene(), 0)).toBeNull();
    items.layout.replace(4, new Float32Array([0, 0, Number.NaN, Number.NaN, 4, 0, 2, 1]), null);
    items.markUnplaced();
    expect(rectangleOf(scene(), 1)).toBeNull();
  });

  test("the crop's shape is the picture's ratio times that of its box", () => {
    // x marginal in one of four cells, y marginal even: a tall crop.
    items.setProfiles(new Uint8Array([0, 255, 0, 0, 9, 9].concat(Array(18).fill(0))), 2, 4);
    const crop = cropBoxOf(scene({ cropRule: { minHalf: 0.04, contextFrac: 0 } }), 0);
    expect(crop[1]).toBeCloseTo(0.025, 9);
    expect(crop[3]).toBeCloseTo(0.975, 9);
    expect((crop[0] + crop[2]) / 2).toBeCloseTo(0.375, 9);
    const [x1, y1, x2, y2] = rectangleOf(
      scene({ cropRule: { minHalf: 0.04, contextFrac: 0 } }),
      0,
    ) as readonly number[];
    expect((y2 as number) - (y1 as number)).toBe(32);
    expect((x2 as number) - (x1 as number)).toBeCloseTo((32 * (crop[2] - crop[0])) / 0.95, 9);
  });

  test("the common retention 1, the own rate 255 and no profile show the whole picture", () => {
    expect(cropBoxOf(scene(), 0)).toEqual([0, 0, 1, 1]);
    items.setProfiles(new Uint8Array(24).fill(200), 2, 4);
    expect(cropBoxOf(scene({ retention: 1 }), 0)).toEqual([0, 0, 1, 1]);
    items.rates = new Uint8Array([255, 0, 0, 0]);
    expect(cropBoxOf(scene(), 0)).toEqual([0, 0, 1, 1]);
    const crop = cropBoxOf(scene({ retention: 0.5 }), 1);
    [0.22, 0.22, 0.78, 0.78].forEach((edge, k) => {
      expect(crop[k]).toBeCloseTo(edge, 12);
    });
  });
});

describe("pick", () => {
  test("takes the drawn rectangle, not the square around it", () => {
    expect(pick(scene(), [200, 107])).toBe(1);
    expect(pick(scene(), [200, 109])).toBeNull();
    expect(pick(scene(), [120, 115])).toBe(0);
  });

  test("of overlapping dots takes the nearest, with some slack", () => {
    const close = scene({ front: 0, camera: { x: 2, y: 0, zoom: 3 } });
    expect(pick(close, [203, 100])).toBe(2);
    expect(pick(close, [196, 100])).toBe(0);
    expect(pick(close, [190, 100])).toBe(0);
    expect(pick(close, [186, 100])).toBeNull();
  });

  test("a thumbnail lies over dots, a selected one over others", () => {
    items.codesA.set([0, 9, 9, 9]);
    items.codesB.set(items.codesA);
    const close = scene({ front: 5, camera: { x: 2, y: 0, zoom: 3 } });
    expect(pick(close, [200, 100])).toBe(0);
    items.setFlag(SELECTED, new Uint8Array([0, 0, 1, 0]));
    expect(pick({ ...close, front: ALL_THUMBNAILS }, [203, 100])).toBe(2);
  });

  test("passes over dimmed and hidden items", () => {
    items.setFlag(DIMMED, new Uint8Array([0, 1, 0, 0]));
    expect(pick(scene(), [200, 100])).toBeNull();
  });
});

test("an outline takes the selectable items whose centre is inside, ascending", () => {
  const polygon = binPolygon(boxPolygon(1, -1, 5, 2));
  if (!polygon) throw new Error("the polygon is empty");
  const into = new Uint32Array(4);
  expect([...into.subarray(0, itemsInside(scene(), polygon, into))]).toEqual([1, 2, 3]);
  items.setFlag(DIMMED, new Uint8Array([0, 0, 1, 0]));
  items.setFlag(HIDDEN, new Uint8Array([0, 1, 0, 0]));
  expect([...into.subarray(0, itemsInside(scene(), polygon, into))]).toEqual([3]);
});

test("the view is empty when no drawn item has its centre within the margin", () => {
  // 400 x 200 px at 40 px a unit: half is 5 x 2.5 units. The row ends at x = 4; 20 px are half a unit.
  const beside = (x: number, y: number) => scene({ camera: { x, y, zoom: 40 } });
  expect(hasItemInView(beside(9, 0), 0)).toBe(true);
  expect(hasItemInView(beside(9.25, 0), 0)).toBe(false);
  expect(hasItemInView(beside(9.25, 0), 20)).toBe(true);
  expect(hasItemInView(beside(0, -2.75), 0)).toBe(false);
  expect(hasItemInView(beside(0, -2.75), 20)).toBe(true);
  items.setFlag(HIDDEN, new Uint8Array([0, 0, 1, 0]));
  expect(hasItemInView(beside(9, 0), 0)).toBe(false);
});

describe("nearestInDirection", () => {
  test("follows the row and finds what is above", () => {
    expect(nearestInDirection(scene(), 0, "right")).toBe(1);
    expect(nearestInDirection(scene(), 1, "right")).toBe(2);
    expect(nearestInDirection(scene(), 1, "up")).toBe(3);
    expect(nearestInDirection(scene(), 3, "down")).toBe(1);
    expect(nearestInDirection(scene(), 0, "left")).toBeNull();
  });

  test("starts at the middle of the view", () => {
    expect(nearestInDirection(scene({ camera: { x: 3.9, y: 0.2, zoom: 40 } }), null, "up")).toBe(2);
  });
});

test("the cells needed are those of thumbnails in view, the middle first", () => {
  const narrow = scene({ camera: { x: 2.5, y: 0, zoom: 40 }, size: { width: 130, height: 60 } });
  expect(neededCells(16, narrow, 10)).toEqual([1, 2]);
  expect(neededCells(16, narrow, 1)).toEqual([1]);
  expect(neededCells(16, { ...narrow, front: 0 }, 10)).toEqual([]);
  items.setCodes(new Uint8Array([9, 9, 3, 9]), new Uint8Array([9, 9, 3, 9]));
  expect(neededCells(16, { ...narrow, front: 4 }, 10)).toEqual([2]);
  expect(neededCells(16, { ...narrow, front: 9.5 }, 10)).toEqual([1, 2]);
  expect(neededCells(16, { ...narrow, thumbnailPx: 20 }, 10)).toEqual([]);
  expect(neededCells(16, { ...narrow, thumbnailPx: 20, pixelRatio: 2 }, 10)).toEqual([1, 2]);
});
