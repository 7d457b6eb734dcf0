/** Items near others on the map: growing a selection by a distance, and the dense cloud around a point. */
import { type Items, NOT_SELECTABLE } from "./items";
import { indexesOfFlags } from "./selection";

/** A cluster reaches on as long as the density is at least about a fifth of that where it was asked for. */
const NUM_NEIGHBOURS = 10;
const MIN_NEIGHBOURS = 5;
const REACH = 1.6;

/** `chosen` and every selectable item at most `radius` world units from one of them, ascending. */
export function grownBy(items: Items, chosen: Uint32Array, radius: number): Uint32Array {
  if (!(radius > 0)) return chosen.slice();
  const isIn = new Uint8Array(items.numItems);
  for (const item of chosen) {
    isIn[item] = 1;
    forAround(items, item, radius, (near) => {
      isIn[near] = 1;
    });
  }
  return indexesOfFlags(isIn);
}

/**
 * The dense cloud around one item, ascending: items are joined by steps no longer than 1.6 times the typical distance
 * to the tenth neighbour around the seed, through items that have enough neighbours themselves (DBSCAN from one seed,
 * its distance taken from the density there; Ester et al. 1996).
 */
export function clusterAround(items: Items, seed: number): Uint32Array {
  const reach = REACH * spacingAround(items, seed);
  const isIn = new Uint8Array(items.numItems);
  isIn[seed] = 1;
  if (!(reach > 0)) return indexesOfFlags(isIn);
  const queue = [seed];
  const near: number[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    near.length = 0;
    forAround(items, next, reach, (other) => near.push(other));
    if (near.length < MIN_NEIGHBOURS && next !== seed) continue;
    for (const other of near) {
      if (isIn[other] === 1) continue;
      isIn[other] = 1;
      queue.push(other);
    }
  }
  return indexesOfFlags(isIn);
}

/** The selectable item nearest to a world point, at most `reach` away; null when there is none. */
export function nearestTo(items: Items, x: number, y: number, reach: number): number | null {
  return nearest(items, x, y, 1, reach)[0]?.item ?? null;
}

/** Median distance to the tenth neighbour, over the seed and its ten neighbours. */
function spacingAround(items: Items, seed: number): number {
  const places = items.layout.places();
  const around = (item: number) =>
    nearest(items, places[2 * item] as number, places[2 * item + 1] as number, NUM_NEIGHBOURS + 1);
  const own = around(seed);
  const spans = own
    .map(({ item }) => around(item).at(-1)?.distance ?? 0)
    .sort((first, second) => first - second);
  return spans[Math.floor(spans.length / 2)] ?? 0;
}

/** The `count` selectable items nearest to a world point, nearest first. */
function nearest(items: Items, x: number, y: number, count: number, reach = Infinity) {
  const places = items.layout.places();
  const found: { item: number; distance: number }[] = [];
  let limit = reach;
  for (let item = 0; item < items.numItems; item++) {
    if (((items.flags[item] as number) & NOT_SELECTABLE) !== 0) continue;
    const dx = (places[2 * item] as number) - x;
    const dy = (places[2 * item + 1] as number) - y;
    if (!(Math.abs(dx) <= limit && Math.abs(dy) <= limit)) continue;
    const distance = Math.hypot(dx, dy);
    if (distance > limit) continue;
    let at = found.length;
    while (at > 0 && (found[at - 1] as { distance: number }).distance > distance) at--;
    found.splice(at, 0, { item, distance });
    if (found.length > count) found.pop();
    if (found.length === count) limit = Math.min(limit, (found[count - 1] as { distance: number }).distance);
  }
  return found;
}

/** Calls back with every selectable item at most `reach` away from `item`, itself left out. */
function forAround(items: Items, item: number, reach: number, visit: (near: number) => void): void {
  const places = items.layout.places();
  const x = places[2 * item] as number;
  const y = places[2 * item + 1] as number;
  items.layout.grid().forNear(x, y, reach, (other) => {
    if (other === item || ((items.flags[other] as number) & NOT_SELECTABLE) !== 0) return;
    const away = Math.hypot((places[2 * other] as number) - x, (places[2 * other + 1] as number) - y);
    if (away <= reach) visit(other);
  });
}
