/**
 * Places sorted into the square cells of a grid (counting sort), so that a question about a part of the map meets the
 * items of that part only. Made once for each array of places and kept as long as that array.
 */
import type { BinnedPolygon } from "./lasso";
import { type CellSide, cellSides, type GridFrame } from "./polygon-cells";
import { boundsOf } from "./viewport";

const ITEMS_PER_CELL = 8;
const MAX_CELLS_A_SIDE = 1024;
/** The widest span is divided into whole cells with this to spare, so that its end falls into the last one. */
const SPARE = 1 + 1e-9;

export class ItemGrid {
  private readonly places: Float32Array;
  private readonly frame: GridFrame;
  /** Items of cell k (row by row) lie at start[k] .. start[k + 1] of `sorted`, ascending. */
  private readonly start: Uint32Array;
  private readonly sorted: Uint32Array;

  /** `places` (2N) x, y; NaN: no place, in no cell. */
  constructor(places: Float32Array) {
    this.places = places;
    const numItems = places.length / 2;
    this.frame = frameOf(places, numItems);
    const { numColumns, numRows } = this.frame;
    this.start = new Uint32Array(numColumns * numRows + 1);
    const cellOf = new Int32Array(numItems);
    let numPlaced = 0;
    for (let item = 0; item < numItems; item++) {
      const cell = this.cellAt(places[2 * item] as number, places[2 * item + 1] as number);
      cellOf[item] = cell;
      if (cell < 0) continue;
      this.start[cell + 1] = (this.start[cell + 1] as number) + 1;
      numPlaced++;
    }
    for (let cell = 0; cell < numColumns * numRows; cell++) {
      this.start[cell + 1] = (this.start[cell + 1] as number) + (this.start[cell] as number);
    }
    this.sorted = new Uint32Array(numPlaced);
    const next = this.start.slice();
    for (let item = 0; item < numItems; item++) {
      const cell = cellOf[item] as number;
      if (cell < 0) continue;
      this.sorted[next[cell] as number] = item;
      next[cell] = (next[cell] as number) + 1;
    }
  }

  /** Calls back with every item whose place is at most `reach` from the point along x and along y. */
  forNear(x: number, y: number, reach: number, visit: (item: number) => void): void {
    const { places, sorted, start } = this;
    const { numColumns, numRows } = this.frame;
    const [firstColumn, firstRow] = this.columnAndRow(x - reach, y - reach);
    const [lastColumn, lastRow] = this.columnAndRow(x + reach, y + reach);
    if (lastColumn < 0 || lastRow < 0) return;
    const left = Math.max(0, firstColumn);
    const right = Math.min(numColumns - 1, lastColumn);
    for (let row = Math.max(0, firstRow); row <= Math.min(numRows - 1, lastRow); row++) {
      // The cells of a row follow each other: one run of items.
      const from = start[row * numColumns + left] as number;
      const end = left <= right ? (start[row * numColumns + right + 1] as number) : from;
      for (let at = from; at < end; at++) {
        const item = sorted[at] as number;
        if (Math.abs((places[2 * item] as number) - x) > reach) continue;
        if (Math.abs((places[2 * item + 1] as number) - y) > reach) continue;
        visit(item);
      }
    }
  }

  /** Calls back with the runs of items in cells that the polygon holds or cuts; those of a cut cell need a test each. */
  forCellsOf(
    polygon: BinnedPolygon,
    visit: (items: Uint32Array, from: number, end: number, side: CellSide) => void,
  ): void {
    const { numColumns } = this.frame;
    cellSides(polygon, this.frame, (row, firstColumn, lastColumn, side) => {
      const from = this.start[row * numColumns + firstColumn] as number;
      const end = this.start[row * numColumns + lastColumn + 1] as number;
      if (end > from) visit(this.sorted, from, end, side);
    });
  }

  private columnAndRow(x: number, y: number): [number, number] {
    const { minX, minY, cellsPerUnit } = this.frame;
    return [Math.floor((x - minX) * cellsPerUnit), Math.floor((y - minY) * cellsPerUnit)];
  }

  /** -1 without a place. */
  private cellAt(x: number, y: number): number {
    const { minX, minY, cellsPerUnit, numColumns } = this.frame;
    const cell = Math.floor((y - minY) * cellsPerUnit) * numColumns + Math.floor((x - minX) * cellsPerUnit);
    return Number.isNaN(cell) ? -1 : cell;
  }
}

function frameOf(places: Float32Array, numItems: number): GridFrame {
  const bounds = boundsOf(places, numItems);
  if (!bounds) return { minX: 0, minY: 0, cellsPerUnit: 0, numColumns: 1, numRows: 1 };
  const { minX, minY, maxX, maxY } = bounds;
  const spanX = maxX - minX;
  const spanY = maxY - minY;
  const span = SPARE * Math.max(spanX, spanY);
  if (!(span > 0)) return { minX, minY, cellsPerUnit: 0, numColumns: 1, numRows: 1 };
  // As many cells as give each about ITEMS_PER_CELL, were the items spread evenly.
  const share = Math.max(spanX, spanY) / Math.max(Math.min(spanX, spanY), span / MAX_CELLS_A_SIDE);
  const wanted = Math.ceil(Math.sqrt((numItems / ITEMS_PER_CELL) * share));
  const cellsPerUnit = Math.max(1, Math.min(MAX_CELLS_A_SIDE, wanted)) / span;
  return {
    minX,
    minY,
    cellsPerUnit,
    numColumns: Math.floor(spanX * cellsPerUnit) + 1,
    numRows: Math.floor(spanY * cellsPerUnit) + 1,
  };
}
