/**
 * Points inside a polygon, exactly, by the even-odd rule. The polygon's edges are binned by rows of its bounds, so that
 * a point is tested against the few edges of its row; points outside the bounds cost two comparisons.
 */
import type { Bounds } from "./viewport";

const MAX_ROWS = 512;
const MIN_VERTICES = 3;

export interface BinnedPolygon {
  /** x0, y0, x1, y1, ... as given. */
  readonly vertices: Float32Array;
  readonly bounds: Bounds;
  readonly numRows: number;
  readonly rowsPerUnit: number;
  /** Edges of row k lie at rowStart[k] .. rowStart[k + 1] of `edges`. */
  readonly rowStart: Uint32Array;
  /** Four numbers an edge: y low, y high, x at y low, dx / dy. */
  readonly edges: Float64Array;
}

/** Bins the edges of a closed polygon x0, y0, x1, y1, ...; null when it encloses nothing. */
export function binPolygon(polygon: Float32Array): BinnedPolygon | null {
  const numVertices = polygon.length >> 1;
  if (numVertices < MIN_VERTICES) return null;
  const bounds = polygonBounds(polygon);
  if (!(bounds.maxX > bounds.minX && bounds.maxY > bounds.minY)) return null;
  const numRows = Math.min(MAX_ROWS, Math.max(1, numVertices));
  const rowsPerUnit = numRows / (bounds.maxY - bounds.minY);
  const rowOf = (y: number) => Math.min(numRows - 1, Math.floor((y - bounds.minY) * rowsPerUnit));

  const rowStart = new Uint32Array(numRows + 1);
  forEachEdge(polygon, (_x, low, high) => {
    for (let row = rowOf(low); row <= rowOf(high); row++)
      rowStart[row + 1] = (rowStart[row + 1] as number) + 1;
  });
  for (let row = 0; row < numRows; row++) {
    rowStart[row + 1] = (rowStart[row + 1] as number) + (rowStart[row] as number);
  }
  const edges = new Float64Array(4 * (rowStart[numRows] as number));
  const next = rowStart.slice();
  forEachEdge(polygon, (x, low, high, slope) => {
    for (let row = rowOf(low); row <= rowOf(high); row++) {
      const at = 4 * (next[row] as number);
      next[row] = (next[row] as number) + 1;
      edges[at] = low;
      edges[at + 1] = high;
      edges[at + 2] = x;
      edges[at + 3] = slope;
    }
  });
  return { vertices: polygon, bounds, numRows, rowsPerUnit, rowStart, edges };
}

/** True when the world point lies inside; a point on an edge belongs to the polygon above or right of it. */
export function isInside(polygon: BinnedPolygon, x: number, y: number): boolean {
  const { bounds, rowStart, edges } = polygon;
  if (x < bounds.minX || x > bounds.maxX || y < bounds.minY || y > bounds.maxY) return false;
  const row = Math.min(polygon.numRows - 1, Math.floor((y - bounds.minY) * polygon.rowsPerUnit));
  const end = 4 * (rowStart[row + 1] as number);
  let inside = false;
  for (let at = 4 * (rowStart[row] as number); at < end; at += 4) {
    const low = edges[at] as number;
    if (y < low || y >= (edges[at + 1] as number)) continue;
    if (x >= (edges[at + 2] as number) + (y - low) * (edges[at + 3] as number)) inside = !inside;
  }
  return inside;
}

/** Four corners as a polygon, from any two opposite ones. */
export function boxPolygon(x1: number, y1: number, x2: number, y2: number): Float32Array {
  return new Float32Array([x1, y1, x2, y1, x2, y2, x1, y2]);
}

function polygonBounds(polygon: Float32Array): Bounds {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let k = 0; k + 1 < polygon.length; k += 2) {
    minX = Math.min(minX, polygon[k] as number);
    maxX = Math.max(maxX, polygon[k] as number);
    minY = Math.min(minY, polygon[k + 1] as number);
    maxY = Math.max(maxY, polygon[k + 1] as number);
  }
  return { minX, minY, maxX, maxY };
}

/** Calls back with every edge that is not level, lower end first: x at the low end, low y, high y, dx / dy. */
function forEachEdge(
  polygon: Float32Array,
  visit: (x: number, low: number, high: number, slope: number) => void,
): void {
  const numVertices = polygon.length >> 1;
  for (let k = 0; k < numVertices; k++) {
    const after = (k + 1) % numVertices;
    const x1 = polygon[2 * k] as number;
    const y1 = polygon[2 * k + 1] as number;
    const x2 = polygon[2 * after] as number;
    const y2 = polygon[2 * after + 1] as number;
    if (y1 === y2) continue;
    const slope = (x2 - x1) / (y2 - y1);
    if (y1 < y2) visit(x1, y1, y2, slope);
    else visit(x2, y2, y1, slope);
  }
}
