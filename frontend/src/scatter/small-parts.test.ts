import { describe, expect, test, vi } from "vitest";
import { CameraControl } from "./camera-control";
import { runJob } from "./declutter-job";
import { DeclutterRunner } from "./declutter-runner";
import { THUMBNAIL_SPACING } from "./defaults";
import { drawOrder, prefixAt, quadsOf } from "./draw-order";
import { parseColour } from "./gl-program";
import { Items, SELECTED } from "./items";
import { combineSelection, indexesOfFlags } from "./selection";
import { ThumbnailFront } from "./thumbnail-front";
import { easeInOut, Tweens } from "./tween";
import type { Camera } from "./types";

describe("combineSelection", () => {
  const current = new Uint8Array([1, 1, 0, 0]);
  const gesture = new Uint32Array([1, 2]);

  test.each([
    ["replace", [0, 1, 1, 0]],
    ["add", [1, 1, 1, 0]],
    ["subtract", [1, 0, 0, 0]],
    ["intersect", [0, 1, 0, 0]],
  ] as const)("%s", (combine, expected) => {
    expect([...combineSelection(current, gesture, combine)]).toEqual(expected);
    expect([...current]).toEqual([1, 1, 0, 0]);
  });

  test("indexesOfFlags lists what is set", () => {
    expect([...indexesOfFlags(new Uint8Array([0, 1, 0, 1, 1]))]).toEqual([1, 3, 4]);
  });
});

describe("drawOrder", () => {
  const order = drawOrder(new Uint8Array([9, 2, 255, 2]), new Uint8Array([4, 7, 255, 2]));

  test("sorts by the smaller code of the two layouts, equal ones by index", () => {
    expect([...order.items]).toEqual([1, 3, 0, 2]);
    const quads = quadsOf(order);
    expect([...quads.subarray(0, 12)]).toEqual([4, 5, 6, 6, 5, 7, 12, 13, 14, 14, 13, 15]);
    expect(quads).toHaveLength(24);
  });

  test("a front draws all items with a code below it", () => {
    expect([0, 2, 2.1, 3, 4, 4.5, 5, 255, 256].map((front) => prefixAt(order, front))).toEqual([
      0, 0, 2, 2, 2, 3, 3, 3, 4,
    ]);
  });
});

describe("Tweens", () => {
  test("ease in and out, end exactly, and are then gone", () => {
    const tweens = new Tweens();
    const steps: number[] = [];
    tweens.start("move", 1000, 200, (amount) => steps.push(amount));
    for (const nowMs of [1000, 1050, 1100, 1150, 1300]) tweens.step(nowMs);
    expect(steps).toEqual([0, 0.0625, 0.5, 0.9375, 1]);
    expect(tweens.isBusy).toBe(false);
  });

  test("a new one of the same name replaces the old one, and no time means at once", () => {
    const tweens = new Tweens();
    const steps: string[] = [];
    tweens.start("move", 0, 100, () => steps.push("old"));
    tweens.start("move", 0, 100, () => steps.push("new"));
    tweens.step(10);
    tweens.start("move", 10, 0, (amount) => steps.push(`at once ${amount}`));
    tweens.step(20);
    expect(steps).toEqual(["new", "at once 1"]);
  });

  test("who wants no motion sees the end at once", () => {
    const tweens = new Tweens(() => true);
    const steps: number[] = [];
    tweens.start("move", 0, 700, (amount) => steps.push(amount));
    expect(steps).toEqual([1]);
    expect(tweens.isBusy).toBe(false);
  });

  test("the ease is even around the middle", () => {
    expect(easeInOut(0.2) + easeInOut(0.8)).toBeCloseTo(1, 12);
  });
});

describe("CameraControl", () => {
  const size = { width: 200, height: 100 };

  function control() {
    const seen: Camera[] = [];
    const tweens = new Tweens();
    const camera = new CameraControl(
      tweens,
      () => 0,
      (each) => seen.push(each),
    );
    camera.setFitZoom({ minX: 0, minY: 0, maxX: 12, maxY: 1 }, size);
    return { camera, tweens, seen };
  }

  test("stays within the limits around the zoom that fits all", () => {
    const { camera } = control();
    camera.moveTo({ x: 1, y: 1, zoom: 1e9 }, false);
    expect(camera.camera.zoom).toBe(10 * 10_000);
    camera.moveTo({ x: 1, y: 1, zoom: 1e-9 }, false);
    expect(camera.camera.zoom).toBe(10 / 8);
  });

  test("quick steps of zoom add up although each takes time", () => {
    const { camera, tweens } = control();
    camera.moveTo({ x: 0, y: 0, zoom: 10 }, false);
    camera.zoomBy([100, 50], 2, size, true);
    camera.zoomBy([100, 50], 2, size, true);
    tweens.step(1000);
    expect(camera.camera.zoom).toBe(40);
  });

  test("panning ends a flight where it is", () => {
    const { camera, tweens } = control();
    camera.moveTo({ x: 0, y: 0, zoom: 10 }, false);
    camera.moveTo({ x: 8, y: 0, zoom: 10 }, true);
    tweens.step(175);
    camera.panBy(10, 0);
    tweens.step(1000);
    expect(camera.camera).toEqual({ x: 3, y: 0, zoom: 10 });
  });

  test("rejects a camera that is not a number", () => {
    expect(() => control().camera.moveTo({ x: 0, y: Number.NaN, zoom: 1 }, false)).toThrow("(0, NaN)");
  });
});

describe("Items", () => {
  const data = { numItems: 2, positionsA: new Float32Array([0, 0, 1, 1]) };

  test("appended items keep the columns of the first ones", () => {
    const items = new Items();
    items.replace(data);
    items.colours.set([3, 4]);
    items.setFlag(SELECTED, new Uint8Array([0, 1]));
    items.setProfiles(new Uint8Array([1, 2, 3, 4, 5, 6]), 1, 2);
    items.append({ numItems: 1, positionsA: new Float32Array([9, 9]), aspect: new Uint8Array([77]) });
    expect([...items.colours]).toEqual([3, 4, 0]);
    expect([...items.flags]).toEqual([0, SELECTED, 0]);
    expect([...items.aspect]).toEqual([128, 128, 77]);
    expect(items.profiles?.numItems).toBe(2);
  });

  test("rejects columns of the wrong length, with both numbers", () => {
    const items = new Items();
    expect(() => items.replace({ ...data, aspect: new Uint8Array(3) })).toThrow(
      "aspect holds 3 numbers, expected 2",
    );
    expect(() => items.replace({ ...data, cells16: new Uint8Array(100) })).toThrow("expected 256");
    items.replace(data);
    expect(() => items.setCells16(1, new Uint8Array(256))).toThrow("cells16 from 1 hold 256 bytes");
    expect(() => items.selectIndexes(new Uint32Array([2]))).toThrow(
      "selected index is 2, expected a number from 0 to 1",
    );
    expect(() => items.setProfiles(new Uint8Array(5), 1, 2)).toThrow("profiles holds 5 numbers, expected 6");
  });
});

test("a declutter job measures both layouts by one length", () => {
  const job = {
    numItems: 2,
    positionsA: new Float32Array([0, 0, 1, 0]),
    positionsB: new Float32Array([0, 0, 0, 16]),
    priorities: null,
    hidden: null,
  };
  const result = runJob(job);
  expect(result.extent).toBe(16);
  // One unit of 16 is four octaves of eight steps; the first item is limited by the coarsest level, extent / 4 * 2.
  expect(Math.max(...result.codesA)).toBe(32);
});

test("parseColour reads #rrggbb only", () => {
  expect(parseColour("#ff0033")).toEqual([1, 0, 0.2]);
  expect(() => parseColour("red")).toThrow('colour is "red"');
});

describe("ThumbnailFront", () => {
  test("is at its goal after a moment, and stays", () => {
    const front = new ThumbnailFront();
    front.extent = 10;
    const goal = front.goalAt(64, 40 / THUMBNAIL_SPACING);
    expect(goal).toBe(33);
    expect(front.step(goal, 70)).toBe(true);
    expect(front.value).toBeCloseTo(33 * (1 - Math.exp(-1)), 9);
    expect(front.step(goal, 2000)).toBe(true);
    expect(front.value).toBe(33);
    expect(front.step(goal, 16)).toBe(false);
  });

  test("jumps to its goal, and has nothing to grow from there", () => {
    const front = new ThumbnailFront();
    front.jumpTo(33);
    expect(front.value).toBe(33);
    expect(front.step(33, 16)).toBe(false);
  });

  test("shows no thumbnail as dots, and all of them as thumbnails", () => {
    const front = new ThumbnailFront();
    front.mode = "dots";
    expect(front.goalAt(1e6, 40)).toBe(0);
    front.mode = "thumbnails";
    expect(front.goalAt(1e-6, 40)).toBe(256);
  });
});

describe("DeclutterRunner", () => {
  test("drops the answer of a worker that comes after a newer one", () => {
    let answer: (event: { data: unknown }) => void = () => undefined;
    vi.stubGlobal(
      "Worker",
      class {
        addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
          if (type === "message") answer = listener;
        }
        postMessage(): void {}
      },
    );
    const results: number[] = [];
    const runner = new DeclutterRunner(
      ({ numItems }) => results.push(numItems),
      () => undefined,
    );
    const job = (numItems: number) => ({
      numItems,
      positionsA: new Float32Array(2 * numItems),
      positionsB: new Float32Array(2 * numItems),
      priorities: null,
      hidden: null,
    });
    runner.run(job(5000));
    runner.run(job(3));
    answer({ data: { numItems: 5000 } });
    expect(results).toEqual([3]);
    runner.run(job(6000));
    answer({ data: { numItems: 6000 } });
    expect(results).toEqual([3, 6000]);
    vi.unstubAllGlobals();
  });
});
