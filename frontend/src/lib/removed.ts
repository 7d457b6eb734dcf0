/**
 * Images that were removed from the project keep their index and their row in every array. A mask (N) has 1 for each of
 * them; null stands for none.
 */
export type RemovedMask = Uint8Array | null;

export function countPresent(removed: RemovedMask, numImages: number): number {
  let count = numImages;
  for (const isOut of removed ?? []) count -= isOut;
  return count;
}

/** The indexes that are not removed; the same array when all are there. */
export function onlyPresent(indexes: Uint32Array, removed: RemovedMask): Uint32Array {
  return removed && indexes.some((index) => removed[index])
    ? indexes.filter((index) => !removed[index])
    : indexes;
}

/** A (2N) layout in which removed images have no place; the same array when there is none. */
export function withoutRemoved(layout: Float32Array, removed: RemovedMask): Float32Array {
  if (!removed) return layout;
  const hollow = layout.slice();
  for (let index = 0; index < removed.length; index += 1) {
    if (removed[index]) hollow.fill(Number.NaN, 2 * index, 2 * index + 2);
  }
  return hollow;
}

/** The next image that is there, `by` places on (1 or -1); null at the end. */
export function nextPresent(
  index: number,
  by: number,
  numImages: number,
  removed: RemovedMask,
): number | null {
  let next = index + by;
  while (removed?.[next]) next += by;
  return next >= 0 && next < numImages ? next : null;
}
