/** Which items are under a point or inside an outline, by the same rectangles as drawn. */
import { PICK_SLACK_PX } from "./defaults";
import { NOT_DRAWN, NOT_SELECTABLE, SELECTED } from "./items";
import { type BinnedPolygon, isInside } from "./lasso";
import { codeOf, dotRadiusOf, growthOf, pictureSize, type Scene, SELECTED_DOT_SCALE, sideAt } from "./scene";
import { type Point, screenToWorld } from "./viewport";

interface Hit {
  readonly item: number;
  /** Drawing order: thumbnails over dots, selected over others, roomier ones over others, later ones over earlier. */
  readonly rank: number;
  readonly distance: number;
}

/** The topmost item whose drawn rectangle or dot holds the screen point; null when there is none. */
export function pick(scene: Scene, point: Point): number | null {
  const { items, camera } = scene;
  const places = items.layout.places();
  const [x, y] = screenToWorld(camera, scene.size, point);
  const half = Math.max(scene.thumbnailPx / 2, SELECTED_DOT_SCALE * scene.dotRadiusPx + PICK_SLACK_PX);
  const reach = half / camera.zoom;
  let best: Hit | null = null;
  items.layout.grid().forNear(x, y, reach, (item) => {
    const dx = (places[2 * item] as number) - x;
    const dy = (places[2 * item + 1] as number) - y;
    const hit = hitOf(scene, item, dx * camera.zoom, dy * camera.zoom);
    if (hit && isAbove(hit, best)) best = hit;
  });
  return (best as Hit | null)?.item ?? null;
}

/** True when a drawn item's centre lies in the view, or less than `marginPx` outside of it. */
export function hasItemInView({ items, camera, size }: Scene, marginPx: number): boolean {
  const places = items.layout.places();
  const reachX = (size.width / 2 + marginPx) / camera.zoom;
  const reachY = (size.height / 2 + marginPx) / camera.zoom;
  for (let item = 0; item < items.numItems; item++) {
    if (!(Math.abs((places[2 * item] as number) - camera.x) <= reachX)) continue;
    if (!(Math.abs((places[2 * item + 1] as number) - camera.y) <= reachY)) continue;
    if (((items.flags[item] as number) & NOT_DRAWN) === 0) return true;
  }
  return false;
}

/** Writes the selectable items inside the polygon into `into` (N), ascending; returns how many. */
export function itemsInside(scene: Scene, polygon: BinnedPolygon, into: Uint32Array): number {
  const { items } = scene;
  const places = items.layout.places();
  const isIn = new Uint8Array(items.numItems);
  const { flags } = items;
  items.layout.grid().forCellsOf(polygon, (sorted, from, end, side) => {
    const isCut = side === "cut";
    for (let at = from; at < end; at++) {
      const item = sorted[at] as number;
      if (((flags[item] as number) & NOT_SELECTABLE) !== 0) continue;
      if (isCut && !isInside(polygon, places[2 * item] as number, places[2 * item + 1] as number)) continue;
      isIn[item] = 1;
    }
  });
  return writeSet(isIn, into);
}

export type Direction = "left" | "right" | "up" | "down";
const STEPS: Record<Direction, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, 1],
  down: [0, -1],
};

/**
 * The nearest selectable item within 45 degrees of the direction; sideways distance counts double, so that a row is
 * followed. Without a start item: the nearest one to the middle of the view.
 */
export function nearestInDirection(scene: Scene, from: number | null, direction: Direction): number | null {
  const { items, camera } = scene;
  const places = items.layout.places();
  const startX = from === null ? camera.x : (places[2 * from] as number);
  const startY = from === null ? camera.y : (places[2 * from + 1] as number);
  const [stepX, stepY] = STEPS[direction];
  let nearest: number | null = null;
  let leastCost = Infinity;
  for (let item = 0; item < items.numItems; item++) {
    if (item === from || ((items.flags[item] as number) & NOT_SELECTABLE) !== 0) continue;
    const dx = (places[2 * item] as number) - startX;
    const dy = (places[2 * item + 1] as number) - startY;
    const along = dx * stepX + dy * stepY;
    const aside = Math.abs(dx * stepY) + Math.abs(dy * stepX);
    if (from !== null && (along <= 0 || aside > along)) continue;
    const cost = from === null ? dx * dx + dy * dy : along + 2 * aside;
    if (cost < leastCost) {
      leastCost = cost;
      nearest = item;
    }
  }
  return nearest;
}

/** The hit of one item by a point (dx, dy) CSS pixels away from its centre; null when it is missed. */
function hitOf(scene: Scene, item: number, dx: number, dy: number): Hit | null {
  const flags = scene.items.flags[item] as number;
  if ((flags & NOT_SELECTABLE) !== 0) return null;
  const growth = growthOf(scene, item);
  const selectedRank = (flags & SELECTED) !== 0 ? 1 : 0;
  if (growth === 0) {
    const distance = Math.hypot(dx, dy);
    const isHit = distance <= dotRadiusOf(scene, item) + PICK_SLACK_PX;
    return isHit ? { item, rank: selectedRank, distance } : null;
  }
  const [width, height] = pictureSize(scene, item, sideAt(scene, growth));
  if (Math.abs(dx) > width / 2 || Math.abs(dy) > height / 2) return null;
  return { item, rank: 2 + selectedRank + (255 - codeOf(scene.items, item)) / 256, distance: 0 };
}

function isAbove(hit: Hit, best: Hit | null): boolean {
  if (!best) return true;
  if (hit.rank !== best.rank) return hit.rank > best.rank;
  if (hit.distance !== best.distance) return hit.distance < best.distance;
  return hit.item > best.item;
}

/** Writes the indexes of what is set, ascending; returns how many. */
function writeSet(isIn: Uint8Array, into: Uint32Array): number {
  let count = 0;
  for (let item = 0; item < isIn.length; item++) if (isIn[item] === 1) into[count++] = item;
  return count;
}
