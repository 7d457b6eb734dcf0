/**
 * Items near others on the map: growing a selection by a distance, and the dense cloud around a point.
 * Both look at a grid of cells as wide as the distance, so that an item meets the items of nine cells only.
 */
import { type Items, NOT_SELECTABLE } from "./items";

/** A cluster reaches on as long as the density is at least about a fifth of that where it was asked for. */
const NUM_NEIGHBOURS = 10;
const MIN_NEIGHBOURS = 5;
const REACH = 1.6;

/** Selectable items by the grid cell that holds them. */
class CellGrid {
  private readonly places: Float32Array;
  private readonly side: number;
  private readonly cells = new Map<number, number[]>();
  private readonly minX: number;
  private readonly minY: number;

  constructor(items: Items, side: number) {
    this.places = items.layout.places();
    this.side = side;
    let minX = Infinity;
    let minY = Infinity;
    for (let item = 0; item < items.numItems; item++) {
      if (((items.flags[item] as number) & NOT_SELECTABLE) !== 0) continue;
      minX = Math.min(minX, this.places[2 * item] as number);
      minY = Math.min(minY, this.places[2 * item + 1] as number);
    }
    this.minX = minX;
    this.minY = minY;
    for (let item = 0; item < items.numItems; item++) {
      if (((items.flags[item] as number) & NOT_SELECTABLE) !== 0) continue;
      const key = this.keyOf(this.columnOf(item), this.rowOf(item));
      const cell = this.cells.get(key);
      if (cell) cell.push(item);
      else this.cells.set(key, [item]);
    }
  }

  /** Calls back with every selectable item at most `side` away from `item`, itself left out. */
  forNear(item: number, visit: (near: number) => void): void {
    const x = this.places[2 * item] as number;
    const y = this.places[2 * item + 1] as number;
    const column = this.columnOf(item);
    const row = this.rowOf(item);
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        for (const other of this.cells.get(this.keyOf(column + dx, row + dy)) ?? []) {
          const away = Math.hypot(
            (this.places[2 * other] as number) - x,
            (this.places[2 * other + 1] as number) - y,
          );
          if (other !== item && away <= this.side) visit(other);
        }
      }
    }
  }

  private columnOf(item: number): number {
    return Math.floor(((this.places[2 * item] as number) - this.minX) / this.side);
  }

  private rowOf(item: number): number {
    return Math.floor(((this.places[2 * item + 1] as number) - this.minY) / this.side);
  }

  private keyOf(column: number, row: number): number {
    return row * 2 ** 26 + column;
  }
}

/** `chosen` and every selectable item at most `radius` world units from one of them, ascending. */
export function grownBy(items: Items, chosen: Uint32Array, radius: number): Uint32Array {
  if (!(radius > 0)) return chosen.slice();
  const grid = new CellGrid(items, radius);
  const isIn = new Uint8Array(items.numItems);
  for (const item of chosen) {
    isIn[item] = 1;
    grid.forNear(item, (near) => {
      isIn[near] = 1;
    });
  }
  return setItems(isIn);
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
  if (!(reach > 0)) return setItems(isIn);
  const grid = new CellGrid(items, reach);
  const queue = [seed];
  const near: number[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    near.length = 0;
    grid.forNear(next, (other) => near.push(other));
    if (near.length < MIN_NEIGHBOURS && next !== seed) continue;
    for (const other of near) {
      if (isIn[other] === 1) continue;
      isIn[other] = 1;
      queue.push(other);
    }
  }
  return setItems(isIn);
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

function setItems(isIn: Uint8Array): Uint32Array {
  let count = 0;
  for (const value of isIn) count += value;
  const found = new Uint32Array(count);
  let next = 0;
  isIn.forEach((value, item) => {
    if (value === 1) found[next++] = item;
  });
  return found;
}
