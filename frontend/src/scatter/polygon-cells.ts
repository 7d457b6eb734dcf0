/** Which cells of a grid a polygon holds whole, and which its edges cut. */
import { type BinnedPolygon, isInside } from "./lasso";

/** Cells counted along x from `minX` and along y from `minY`. */
export interface GridFrame {
  readonly minX: number;
  readonly minY: number;
  readonly cellsPerUnit: number;
  readonly numColumns: number;
  readonly numRows: number;
}

export type CellSide = "inside" | "cut";

/** Edges this near to a cell, in cells, cut it too: a rounding never puts a place on the wrong side. */
const MARGIN = 1e-6;

/**
 * Calls back with runs of cells (row, first and last column) that lie inside the polygon or are cut by an edge, each
 * cell once, left to right and upwards; cells outside are left out.
 */
export function cellSides(
  polygon: BinnedPolygon,
  frame: GridFrame,
  visit: (row: number, firstColumn: number, lastColumn: number, side: CellSide) => void,
): void {
  const { numColumns, numRows } = frame;
  const isCut = new Uint8Array(numColumns * numRows);
  markCut(polygon, frame, isCut);
  const rowOf = (y: number) => Math.floor((y - frame.minY) * frame.cellsPerUnit);
  const lastRow = Math.min(numRows - 1, rowOf(polygon.bounds.maxY) + 1);
  for (let row = Math.max(0, rowOf(polygon.bounds.minY) - 1); row <= lastRow; row++) {
    let column = 0;
    while (column < numColumns) {
      const first = column;
      const cut = isCut[row * numColumns + first];
      while (column < numColumns && isCut[row * numColumns + column] === cut) column++;
      if (cut === 1) visit(row, first, column - 1, "cut");
      else if (isMiddleInside(polygon, frame, row, first)) visit(row, first, column - 1, "inside");
    }
  }
}

function isMiddleInside(polygon: BinnedPolygon, frame: GridFrame, row: number, column: number): boolean {
  const { minX, minY, cellsPerUnit } = frame;
  return isInside(polygon, minX + (column + 0.5) / cellsPerUnit, minY + (row + 0.5) / cellsPerUnit);
}

/** Marks every cell that an edge goes through or touches. */
function markCut({ vertices }: BinnedPolygon, frame: GridFrame, isCut: Uint8Array): void {
  const { minX, minY, cellsPerUnit, numColumns, numRows } = frame;
  const columnAt = (k: number) => ((vertices[2 * k] as number) - minX) * cellsPerUnit;
  const rowAt = (k: number) => ((vertices[2 * k + 1] as number) - minY) * cellsPerUnit;
  const numVertices = vertices.length >> 1;
  for (let k = 0; k < numVertices; k++) {
    const after = (k + 1) % numVertices;
    const [low, high] = rowAt(k) <= rowAt(after) ? [k, after] : [after, k];
    const start = rowAt(low);
    const end = rowAt(high);
    const from = columnAt(low);
    const to = columnAt(high);
    const slope = end > start ? (to - from) / (end - start) : 0;
    const lastRow = Math.min(numRows - 1, Math.floor(end + MARGIN));
    for (let row = Math.max(0, Math.floor(start - MARGIN)); row <= lastRow; row++) {
      const one = row <= start ? from : from + slope * (Math.min(end, row) - start);
      const other = row + 1 >= end ? to : from + slope * (Math.max(start, row + 1) - start);
      const first = Math.max(0, Math.floor(Math.min(one, other) - MARGIN));
      const last = Math.min(numColumns - 1, Math.floor(Math.max(one, other) + MARGIN));
      if (first <= last) isCut.fill(1, row * numColumns + first, row * numColumns + last + 1);
    }
  }
}
