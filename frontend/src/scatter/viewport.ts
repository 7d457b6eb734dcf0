/**
 * Where the world lies on the screen: pairs of inverses, and the camera moves that keep a point in place.
 * World y goes up, screen y goes down.
 */
import { checkRange, InvalidScatterData } from "./errors";
import type { Camera } from "./types";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Bounds of a layout in world coordinates. */
export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export type Point = readonly [x: number, y: number];

export function worldToScreen(camera: Camera, size: Size, world: Point): Point {
  return [
    size.width / 2 + (world[0] - camera.x) * camera.zoom,
    size.height / 2 - (world[1] - camera.y) * camera.zoom,
  ];
}

export function screenToWorld(camera: Camera, size: Size, screen: Point): Point {
  return [
    camera.x + (screen[0] - size.width / 2) / camera.zoom,
    camera.y - (screen[1] - size.height / 2) / camera.zoom,
  ];
}

/** Moves the content by (dx, dy) CSS pixels. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { x: camera.x - dx / camera.zoom, y: camera.y + dy / camera.zoom, zoom: camera.zoom };
}

/** Zooms by `factor`; the world point under `screen` stays there. */
export function zoomAbout(camera: Camera, size: Size, screen: Point, factor: number): Camera {
  const [x, y] = screenToWorld(camera, size, screen);
  return {
    x: x - (x - camera.x) / factor,
    y: y - (y - camera.y) / factor,
    zoom: camera.zoom * factor,
  };
}

/** Camera after two fingers moved: both world points stay under their finger (distance and middle; no turning). */
export function pinch(
  camera: Camera,
  size: Size,
  from: readonly [Point, Point],
  to: readonly [Point, Point],
): Camera {
  const before = Math.hypot(from[1][0] - from[0][0], from[1][1] - from[0][1]);
  const after = Math.hypot(to[1][0] - to[0][0], to[1][1] - to[0][1]);
  const middle: Point = [(from[0][0] + from[1][0]) / 2, (from[0][1] + from[1][1]) / 2];
  const moved: Point = [(to[0][0] + to[1][0]) / 2, (to[0][1] + to[1][1]) / 2];
  const factor = before > 0 && after > 0 ? after / before : 1;
  const zoomed = zoomAbout(camera, size, middle, factor);
  return pan(zoomed, moved[0] - middle[0], moved[1] - middle[1]);
}

/** Bounds of the (2N) positions that are numbers and pass `isIncluded`; null when there is none. */
export function boundsOf(
  positions: Float32Array,
  numItems: number,
  isIncluded?: (index: number) => boolean,
): Bounds | null {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let i = 0; i < numItems; i++) {
    const x = positions[2 * i] as number;
    const y = positions[2 * i + 1] as number;
    if (Number.isNaN(x + y) || (isIncluded && !isIncluded(i))) continue;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null;
}

/** Camera that shows `bounds` with `paddingPx` free on every side; never closer than `maxZoom`. */
export function fitBounds(bounds: Bounds, size: Size, paddingPx: number, maxZoom: number): Camera {
  const width = Math.max(1, size.width - 2 * paddingPx);
  const height = Math.max(1, size.height - 2 * paddingPx);
  const spanX = bounds.maxX - bounds.minX;
  const spanY = bounds.maxY - bounds.minY;
  const zoom = Math.min(maxZoom, spanX > 0 ? width / spanX : Infinity, spanY > 0 ? height / spanY : Infinity);
  return {
    x: (bounds.minX + bounds.maxX) / 2,
    y: (bounds.minY + bounds.maxY) / 2,
    zoom: Number.isFinite(zoom) ? zoom : 1,
  };
}

/** Camera `t` in [0, 1] of the way; the zoom goes evenly by factor, and what is seen moves evenly on the screen. */
export function mixCameras(from: Camera, to: Camera, t: number): Camera {
  if (t >= 1) return to;
  const zoom = from.zoom * (to.zoom / from.zoom) ** t;
  const shrink = from.zoom - to.zoom;
  const along = Math.abs(shrink) < 1e-9 * from.zoom ? t : (from.zoom / zoom - 1) / (from.zoom / to.zoom - 1);
  return { x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along, zoom };
}

export function checkCamera(camera: Camera): void {
  if (!Number.isFinite(camera.x) || !Number.isFinite(camera.y)) {
    throw new InvalidScatterData(`camera is at (${camera.x}, ${camera.y}), expected finite numbers`);
  }
  checkRange("camera.zoom", camera.zoom, Number.MIN_VALUE, Number.MAX_VALUE);
}
