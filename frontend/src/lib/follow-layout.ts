/** When a map that nobody has touched is to be fitted anew: it has become another picture than the one that was fitted. */

export interface Followed {
  readonly numImages: number;
  /** Images with a place of their own in the layout. */
  readonly numPlaced: number;
}

/** Growth, by this factor, that outgrows the last fit. A few images more leave the camera where it is. */
const GROWTH = 1.2;

export function isOutgrown(fitted: Followed, now: Followed): boolean {
  const hasGrown = (before: number, after: number) => after > before && after >= before * GROWTH;
  return (
    hasGrown(fitted.numImages, now.numImages) ||
    hasGrown(fitted.numPlaced, now.numPlaced) ||
    numWaiting(now) * 2 < numWaiting(fitted)
  );
}

/** Images below the map: when most of them have gone into it, the ground that they took is free. */
function numWaiting({ numImages, numPlaced }: Followed): number {
  return numImages - numPlaced;
}

/** Images of a (2N) layout that have a place; the others are NaN. */
export function numPlaced(layout: Float32Array): number {
  let count = 0;
  for (let at = 0; at < layout.length; at += 2) if (!Number.isNaN(layout[at])) count += 1;
  return count;
}
