/**
 * Places for images that have none yet, so that an import is seen as it comes in: a grid of its own while there is no
 * layout at all, else rows below the map. They glide to their real places when those arrive.
 */
import type { RemovedMask } from "./removed";

/** Distance of neighbours in world units; layouts have an RMS radius of about one. */
const SPACING = 0.1;
/** Width of the grid over its height. */
const GRID_ASPECT = 1.5;
const GAP_BELOW_MAP = 0.2;
const MIN_COLUMNS = 6;

/**
 * (2N) layout with NaN for missing places -> the same layout with all places but those of removed images; unchanged when
 * none is missing.
 */
export function placeWaiting(layout: Float32Array, removed: RemovedMask = null): Float32Array {
  const waiting: number[] = [];
  let [left, right, bottom] = [Infinity, -Infinity, Infinity];
  for (let at = 0; at < layout.length; at += 2) {
    if (Number.isNaN(layout[at])) {
      if (!removed?.[at / 2]) waiting.push(at);
    } else {
      left = Math.min(left, layout[at]);
      right = Math.max(right, layout[at]);
      bottom = Math.min(bottom, layout[at + 1]);
    }
  }
  if (waiting.length === 0) return layout;

  const hasMap = left <= right;
  const numUnderMap = hasMap ? Math.floor((right - left) / SPACING) + 1 : 0;
  // Many new images below a small map lie beyond its sides, evenly, rather than in a strip out of sight.
  const wanted = Math.min(waiting.length, Math.ceil(Math.sqrt(waiting.length * GRID_ASPECT)));
  const numColumns = Math.max(MIN_COLUMNS, numUnderMap, wanted);
  const startX = hasMap ? left - (SPACING * (numColumns - Math.max(MIN_COLUMNS, numUnderMap))) / 2 : 0;
  const startY = hasMap ? bottom - GAP_BELOW_MAP : 0;
  const placed = layout.slice();
  for (const [order, at] of waiting.entries()) {
    placed[at] = startX + SPACING * (order % numColumns);
    placed[at + 1] = startY - SPACING * Math.floor(order / numColumns);
  }
  return placed;
}
