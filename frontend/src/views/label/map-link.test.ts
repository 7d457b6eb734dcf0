import { expect, test } from "vitest";
import type { Camera } from "../../scatter";
import { CameraLink, carried, type LinkedMap, rescaled } from "./map-link";

const insets = (left: number, right: number, top = 0, bottom = 0) => ({ left, right, top, bottom });

/** A map that records its camera and tells the link of every move, as a real one does. */
function fakeMap(
  link: () => CameraLink,
  camera: Camera,
  free = insets(0, 0),
): LinkedMap & { camera: Camera } {
  const map = {
    camera,
    getCamera: () => map.camera,
    setCamera: (moved: Camera) => {
      map.camera = moved;
      link().moved(map);
    },
    room: () => ({ width: 400, height: 300, insets: free }),
  };
  return map;
}

test("linked maps show the same part of the world in their free ground", () => {
  const link = new CameraLink(() => true);
  const left = fakeMap(() => link, { x: 1, y: 2, zoom: 10 }, insets(100, 0));
  const right = fakeMap(() => link, { x: 0, y: 0, zoom: 1 }, insets(0, 60, 40, 0));
  link.join(left);
  link.join(right);
  // The free middle lies 50 px right of the left window's middle, and 30 px left of and 20 px below the right one's.
  expect(right.camera).toEqual({ x: 1 + 8, y: 2 + 2, zoom: 10 });
  right.setCamera({ x: 9, y: 4, zoom: 20 });
  expect(left.camera).toEqual({ x: 9 - 4, y: 4 - 1, zoom: 20 });
});

test("free maps stay where they are, and one that left is no longer moved", () => {
  let isLinked = false;
  const link = new CameraLink(() => isLinked);
  const [first, second] = [1, 2].map((x) => fakeMap(() => link, { x, y: 0, zoom: 1 })) as [
    LinkedMap & { camera: Camera },
    LinkedMap & { camera: Camera },
  ];
  link.join(first);
  const leave = link.join(second);
  first.setCamera({ x: 5, y: 5, zoom: 5 });
  expect(second.camera.x).toBe(2);
  isLinked = true;
  leave();
  first.setCamera({ x: 6, y: 6, zoom: 6 });
  expect(second.camera.x).toBe(2);
});

test("carrying a camera there and back is nothing", () => {
  const camera = { x: 3, y: -1, zoom: 7 };
  const [from, to] = [insets(10, 70, 5, 25), insets(0, 33, 80, 2)];
  const back = carried(carried(camera, from, to), to, from);
  expect(back.x).toBeCloseTo(3, 12);
  expect(back.y).toBeCloseTo(-1, 12);
});

test("half the room shows the same at half the scale, the free middle in the free middle", () => {
  const before = { width: 1000, insets: insets(100, 100) };
  const after = { width: 500, insets: insets(100, 0) };
  // 800 px free become 400; the free middle lies 50 px right of the window's middle.
  expect(rescaled({ x: 0, y: 0, zoom: 8 }, before, after)).toEqual({ x: -12.5, y: 0, zoom: 4 });
});
