/**
 * The items in the order in which zooming brings their thumbnails out: a frame draws a prefix of one static index buffer
 * of quads, and looks for missing cells in the same prefix, so items that are dots at both layouts cost neither.
 */
import { NEVER } from "./declutter";

export interface DrawOrder {
  /** Items, those that come out first first. */
  readonly items: Uint32Array;
  /** numWithCodeUpTo[c]: items whose smaller code is <= c. */
  readonly numWithCodeUpTo: Uint32Array;
}

const CORNERS = [0, 1, 2, 2, 1, 3];
export const VERTICES_PER_QUAD = CORNERS.length;

/** Counting sort by the smaller of the two codes; equal ones by index. */
export function drawOrder(codesA: Uint8Array, codesB: Uint8Array): DrawOrder {
  const numItems = codesA.length;
  const codeOf = (item: number) => Math.min(codesA[item] as number, codesB[item] as number);
  const ends = new Uint32Array(NEVER + 1);
  for (let item = 0; item < numItems; item++) ends[codeOf(item)] = (ends[codeOf(item)] as number) + 1;
  for (let code = 1; code <= NEVER; code++) ends[code] = (ends[code] as number) + (ends[code - 1] as number);
  const next = new Uint32Array(NEVER + 1);
  next.set(ends.subarray(0, NEVER), 1);
  const items = new Uint32Array(numItems);
  for (let item = 0; item < numItems; item++) {
    const code = codeOf(item);
    items[next[code] as number] = item;
    next[code] = (next[code] as number) + 1;
  }
  return { items, numWithCodeUpTo: ends };
}

/** Six vertex numbers an item, in its order: 4 * item + corner. */
export function quadsOf({ items }: DrawOrder): Uint32Array<ArrayBuffer> {
  const quads = new Uint32Array(VERTICES_PER_QUAD * items.length);
  for (let place = 0; place < items.length; place++) {
    const vertex = 4 * (items[place] as number);
    for (let k = 0; k < VERTICES_PER_QUAD; k++)
      quads[VERTICES_PER_QUAD * place + k] = vertex + (CORNERS[k] as number);
  }
  return quads;
}

/** Items to draw so that all with a code below `front` are among them. */
export function prefixAt(order: DrawOrder, front: number): number {
  const last = Math.min(NEVER, Math.ceil(front) - 1);
  return last < 0 ? 0 : (order.numWithCodeUpTo[last] as number);
}
