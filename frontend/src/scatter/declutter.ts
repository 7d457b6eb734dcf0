/**
 * Which items have room for a thumbnail at which zoom. Every item gets a code; the items with a code up to `c` are at
 * least `extent * 2^(-c / STEPS_PER_OCTAVE)` apart from each other, along x or along y, so squares of that side do not
 * overlap. Zooming in only brings items out.
 *
 * A quadtree is thinned from the coarsest level down: at each level every cell keeps at most one more item, and only
 * one that has no kept neighbour within the level's cell side, in its own cell or in the eight around it. Items of
 * higher priority are asked first. Several levels an octave: an item kept for a somewhat closer view blocks others
 * although it is not shown itself, so the finer the steps, the fuller the map.
 */

export const STEPS_PER_OCTAVE = 8;
/** Never a thumbnail: hidden, no place, or another item at the same place. */
export const NEVER = 255;
/** Finer cells are beyond the precision of float32 places. */
const MAX_OCTAVES = 24;
/** Levels an octave, up to so many items: more items, fewer levels, so that a million take seconds. */
const LEVELS_PER_OCTAVE = [
  { maxItems: 50_000, levels: 4 },
  { maxItems: 300_000, levels: 2 },
  { maxItems: Infinity, levels: 1 },
];
const COARSEST_DIVISIONS = 4;
const EMPTY = -1;
/** The own cell first: on coarse levels it settles most items. */
const NEIGHBOURS = [0, 0, -1, 0, 1, 0, 0, -1, 0, 1, -1, -1, 1, -1, -1, 1, 1, 1];

export interface DeclutterInput {
  readonly positions: Float32Array;
  readonly numItems: number;
  /** Larger is asked first; null: all the same. */
  readonly priorities: Uint8Array | null;
  /** (N) 1 where an item is not drawn: it takes no room, and gets none. */
  readonly hidden: Uint8Array | null;
  /** World length of code 0; the side of the square that holds every layout. */
  readonly extent: number;
}

/** Codes (N) of one layout, 0..NEVER. */
export function declutterCodes(input: DeclutterInput): Uint8Array {
  const codes = new Uint8Array(input.numItems).fill(NEVER);
  let waiting = askingOrder(input);
  const first = waiting[0] ?? 0;
  const kept = new Int32Array(waiting.length);
  let numKept = 0;
  let side = input.extent / COARSEST_DIVISIONS;
  const levels = LEVELS_PER_OCTAVE.find(({ maxItems }) => input.numItems <= maxItems)?.levels ?? 1;
  for (let level = 0; level < MAX_OCTAVES * levels && waiting.length > 0; level++) {
    const grid = new Grid(input.positions, first, side, waiting.length + numKept);
    for (let k = 0; k < numKept; k++) grid.insert(kept[k] as number);
    let numLeft = 0;
    for (const item of waiting) {
      if (grid.hasNeighbour(item)) {
        waiting[numLeft++] = item;
        continue;
      }
      codes[item] = codeOf(grid.clearance(item), input.extent);
      grid.insert(item);
      kept[numKept++] = item;
    }
    waiting = waiting.subarray(0, numLeft);
    side *= 2 ** (-1 / levels);
  }
  return codes;
}

/** Largest code whose items still have room; -1 when none has. */
export function codeAtZoom(zoom: number, extent: number, spacingPx: number): number {
  const room = (zoom * extent) / spacingPx;
  if (!(room > 0)) return -1;
  return Math.max(-1, Math.min(NEVER - 1, Math.floor(STEPS_PER_OCTAVE * Math.log2(room) + 1e-9)));
}

/** Code of a clearance, rounded so that the code never promises more room than there is. */
function codeOf(clearance: number, extent: number): number {
  const code = Math.ceil(STEPS_PER_OCTAVE * Math.log2(extent / clearance) - 1e-9);
  return Math.max(0, Math.min(NEVER - 1, code));
}

/** Placed items that are drawn, highest priority first; equal ones in an order that has nothing to do with their index. */
function askingOrder(input: DeclutterInput): Int32Array {
  const { positions, numItems, priorities, hidden } = input;
  const keys = new Float64Array(numItems);
  let numPlaced = 0;
  for (let item = 0; item < numItems; item++) {
    if (hidden?.[item] === 1) continue;
    if (Number.isNaN((positions[2 * item] as number) + (positions[2 * item + 1] as number))) continue;
    const rank = 255 - (priorities?.[item] ?? 0);
    // 8 bits of rank, 20 of hash, 24 of index: exact in a double, so one numeric sort does it all.
    keys[numPlaced++] = (rank * 2 ** 20 + (hash(item) >>> 12)) * 2 ** 24 + item;
  }
  const sorted = keys.subarray(0, numPlaced).sort();
  return Int32Array.from(sorted, (key) => key % 2 ** 24);
}

function hash(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * Kept items by grid cell, in an open-addressing hash table of (column, row, item). A cell never holds two: kept items
 * are at least one side apart along an axis.
 */
class Grid {
  private readonly positions: Float32Array;
  /** Cells are counted from here, so that their numbers stay small for a layout far from zero. */
  private readonly origin: readonly [number, number];
  private readonly side: number;
  private readonly shift: number;
  private readonly mask: number;
  private readonly table: Int32Array;

  constructor(positions: Float32Array, first: number, side: number, capacity: number) {
    this.positions = positions;
    this.origin = [positions[2 * first] as number, positions[2 * first + 1] as number];
    this.side = side;
    const bits = Math.max(4, Math.ceil(Math.log2(2 * capacity)));
    this.shift = 32 - bits;
    this.mask = 2 ** bits - 1;
    this.table = new Int32Array(3 * 2 ** bits).fill(EMPTY);
  }

  insert(item: number): void {
    const column = this.cellOf(2 * item);
    const row = this.cellOf(2 * item + 1);
    let slot = this.slot(column, row);
    while (this.table[3 * slot + 2] !== EMPTY) slot = (slot + 1) & this.mask;
    this.table[3 * slot] = column;
    this.table[3 * slot + 1] = row;
    this.table[3 * slot + 2] = item;
  }

  /** True when a kept item is nearer than the cell side, along both axes. */
  hasNeighbour(item: number): boolean {
    const column = this.cellOf(2 * item);
    const row = this.cellOf(2 * item + 1);
    for (let k = 0; k < NEIGHBOURS.length; k += 2) {
      const other = this.itemAt(column + (NEIGHBOURS[k] as number), row + (NEIGHBOURS[k + 1] as number));
      if (other !== EMPTY && this.apart(item, other) < this.side) return true;
    }
    return false;
  }

  /** Distance to the nearest kept item, or two cell sides if there is none nearer. */
  clearance(item: number): number {
    const column = this.cellOf(2 * item);
    const row = this.cellOf(2 * item + 1);
    let nearest = 2 * this.side;
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const other = this.itemAt(column + dx, row + dy);
        if (other !== EMPTY) nearest = Math.min(nearest, this.apart(item, other));
      }
    }
    return nearest;
  }

  private itemAt(column: number, row: number): number {
    const table = this.table;
    let at = 3 * this.slot(column, row);
    while (table[at + 2] !== EMPTY) {
      if (table[at] === column && table[at + 1] === row) return table[at + 2] as number;
      at = at + 3 < table.length ? at + 3 : 0;
    }
    return EMPTY;
  }

  /** Larger of the distances along x and y. */
  private apart(a: number, b: number): number {
    const positions = this.positions;
    return Math.max(
      Math.abs((positions[2 * a] as number) - (positions[2 * b] as number)),
      Math.abs((positions[2 * a + 1] as number) - (positions[2 * b + 1] as number)),
    );
  }

  /** Column of the x at an even place of the array, row of the y at an odd one. */
  private cellOf(coordinate: number): number {
    const origin = this.origin[coordinate & 1] as number;
    return Math.floor(((this.positions[coordinate] as number) - origin) / this.side);
  }

  private slot(column: number, row: number): number {
    return Math.imul(Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1), 0x9e3779b1) >>> this.shift;
  }
}
