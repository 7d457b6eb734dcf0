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
  /** The missing tail of the 16 px cells; null when nothing is missing. */
  cells16: CellRange | null;
}

/** Every array that a manifest names, layouts included. */
export function arraysOf(manifest: MapManifest): ArrayRef[] {
  const { whole, crop } = manifest.projections;
  return [...manifest.arrays, ...(whole ? [whole] : []), ...(crop ? [crop] : [])];
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
  const missing = manifest.num_images - numCells16;
  return {
    arrays: [...fresh.values()],
    cells16: cells && missing > 0 ? { url: cells.url, start: numCells16, count: missing } : null,
  };
}

/** Addresses that the manifest no longer names, so that their bytes can go. */
export function staleUrls(manifest: MapManifest, known: Iterable<string>): string[] {
  const named = new Set(arraysOf(manifest).map((ref) => ref.url));
  return [...known].filter((url) => !named.has(url));
}
