/** What to fetch when the map's manifest changes: only arrays with a new address, only cells of new images. */
import type { ArrayRef, MapManifest } from "../api/types";

export interface CellRange {
  url: string;
  start: number;
  count: number;
}

export interface FetchPlan {
  /** Arrays whose address was not there before, each once. */
  arrays: ArrayRef[];
  /** The missing tail of the 16 px cells, in ranges that the server answers at once; empty when nothing is missing. */
  cells16: CellRange[];
}

export const MAX_CELLS_PER_RANGE = 32_768;

/** Every array that a manifest names, layouts included. */
export function arraysOf(manifest: MapManifest): ArrayRef[] {
  const { whole, crop } = manifest.projections;
  return [...manifest.arrays, ...(whole ? [whole.array] : []), ...(crop ? [crop.array] : [])];
}

/**
 * @param known addresses of the arrays at hand
 * @param numCells16 how many 16 px cells are at hand, from index 0 on
 */
export function planFetches(
  manifest: MapManifest,
  known: ReadonlySet<string>,
  numCells16: number,
): FetchPlan {
  const fresh = new Map<string, ArrayRef>();
  for (const ref of arraysOf(manifest)) if (!known.has(ref.url)) fresh.set(ref.url, ref);
  const cells = manifest.cells.find((entry) => entry.cell_px === 16);
  const ranges: CellRange[] = [];
  for (let start = numCells16; cells && start < manifest.num_images; start += MAX_CELLS_PER_RANGE) {
    ranges.push({ url: cells.url, start, count: Math.min(MAX_CELLS_PER_RANGE, manifest.num_images - start) });
  }
  return { arrays: [...fresh.values()], cells16: ranges };
}

/** Addresses that the manifest no longer names, so that their bytes can go. */
export function staleUrls(manifest: MapManifest, known: Iterable<string>): string[] {
  const named = new Set(arraysOf(manifest).map((ref) => ref.url));
  return [...known].filter((url) => !named.has(url));
}
