/**
 * The items in the order in which zooming brings their thumbnails out, as one static index buffer of quads: a frame
 * draws a prefix of it, so items that are dots at both layouts cost no quad.
 */
import { NEVER } from "./declutter";

export interface DrawOrder {
  /** Six vertex numbers an item: 4 * item + corner. */
  readonly quads: Uint32Array<ArrayBuffer>;
  /** numWithCodeUpTo[c]: items whose smaller code is <= c. */
  readonly numWithCodeUpTo: Uint32Array;
}

const CORNERS = [0, 1, 2, 2, 1, 3];

/** Counting sort by the smaller of the two codes; equal ones by index. */
export function drawOrder(codesA: Uint8Array, codesB: Uint8Array): DrawOrder {
  const numItems = codesA.length;
  const codeOf = (item: number) => Math.min(codesA[item] as number, codesB[item] as number);
  const ends = new Uint32Array(NEVER + 1);
  for (let item = 0; item < numItems; item++) ends[codeOf(item)] = (ends[codeOf(item)] as number) + 1;
  for (let code = 1; code <= NEVER; code++) ends[code] = (ends[code] as number) + (ends[code - 1] as number);
  const next = new Uint32Array(NEVER + 1);
  next.set(ends.subarray(0, NEVER), 1);
  const quads = new Uint32Array(6 * numItems);
  for (let item = 0; item < numItems; item++) {
    const code = codeOf(item);
    const at = 6 * (next[code] as number);
    next[code] = (next[code] as number) + 1;
    for (let k = 0; k < 6; k++) quads[at + k] = 4 * item + (CORNERS[k] as number);
  }
  return { quads, numWithCodeUpTo: ends };
}

/** Items to draw so that all with a code below `front` are among them. */
export function prefixAt(order: DrawOrder, front: number): number {
  const last = Math.min(NEVER, Math.ceil(front) - 1);
  return last < 0 ? 0 : (order.numWithCodeUpTo[last] as number);
}
