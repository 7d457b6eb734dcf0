/**
 * The crop box of a picture at any retention, from its profile: the two marginals of its saliency map as square-root
 * 8-bit codes (`width` codes of the x marginal, then `height` of the y marginal; a marginal is the code squared).
 *
 * A marginal is read as a density on [0, 1] that is linear between the centres of its cells and constant outside the
 * first and last centre. The box keeps the quantile range [(1 - r) / 2, 1 - (1 - r) / 2] of each axis. The shader does
 * the same sums on the same bytes (`scatter/shaders.ts`), so every retention is exact and nothing is tabulated: a
 * fixed table of quantiles is off by up to 0.4 of the side where a marginal has a gap, because the quantile jumps there.
 *
 * Source: Attention Cropping (percentile box of a Grad-CAM map).
 */

export type UnitBox = readonly [x1: number, y1: number, x2: number, y2: number];

export const WHOLE_BOX: UnitBox = [0, 0, 1, 1];

/**
 * Exact box of one profile, in unit coordinates of the whole picture.
 *
 * @param codes width + height codes, starting at `offset`.
 * @param retention share of the saliency kept along each axis, in (0, 1].
 * @returns xyxy edges; the whole picture when either marginal is all zero.
 */
export function boxFromProfile(
  codes: Uint8Array,
  height: number,
  width: number,
  retention: number,
  offset = 0,
): UnitBox {
  if (!(retention > 0 && retention <= 1)) {
    throw new RangeError(`retention is ${retention}, expected a number above 0 and up to 1`);
  }
  if (offset + width + height > codes.length) {
    throw new RangeError(
      `profile needs ${width + height} codes at ${offset}, the array holds ${codes.length}`,
    );
  }
  const tail = (1 - retention) / 2;
  const x = axisEdges(codes, offset, width, tail);
  const y = axisEdges(codes, offset + width, height, tail);
  if (x === null || y === null) return WHOLE_BOX;
  return [x[0], y[0], x[1], y[1]];
}

/** Edges that cut the share `tail` off both ends of one marginal; null when it is all zero. */
function axisEdges(codes: Uint8Array, offset: number, count: number, tail: number): [number, number] | null {
  let mass = 0;
  for (let k = 0; k < count; k++) {
    const code = codes[offset + k] ?? 0;
    mass += code * code;
  }
  if (mass === 0) return null;
  const target = tail * mass;
  const first = lowerEdge(codes, offset, 1, count, target);
  const last = 1 - lowerEdge(codes, offset + count - 1, -1, count, target);
  return [first, last];
}

/**
 * The largest x with at most `target` mass below it, walking from the cell at `start` in steps of `step` (so the
 * upper edge is the lower edge of the mirrored marginal). Mass is in units of one cell's width.
 */
function lowerEdge(codes: Uint8Array, start: number, step: number, count: number, target: number): number {
  let below = 0;
  let previous = square(codes[start]);
  let position = 0;
  for (let segment = 0; segment <= count; segment++) {
    const isEnd = segment === 0 || segment === count;
    const length = isEnd ? 0.5 : 1;
    const next = segment < count ? square(codes[start + segment * step]) : previous;
    const mass = ((previous + next) / 2) * length;
    if (below + mass > target) {
      const rest = target - below;
      const slope = (next - previous) / length;
      const root = Math.sqrt(Math.max(0, previous * previous + 2 * slope * rest));
      const along = rest > 0 ? (2 * rest) / (previous + root) : 0;
      return (position + Math.min(length, along)) / count;
    }
    below += mass;
    position += length;
    previous = next;
  }
  return 1;
}

function square(code: number | undefined): number {
  return (code ?? 0) ** 2;
}

/** Texels (four codes each) that one packed profile takes. */
export function texelsPerProfile(height: number, width: number): number {
  return Math.ceil((height + width) / 4);
}

/** Writes N profiles to whole texels, `texelsPerProfile` each, the last one filled up with zeros. */
export function packProfiles(codes: Uint8Array, height: number, width: number, into: Uint8Array): void {
  const size = height + width;
  const stride = texelsPerProfile(height, width) * 4;
  const numItems = codes.length / size;
  if (!Number.isInteger(numItems) || into.length < numItems * stride) {
    throw new RangeError(
      `${codes.length} codes of ${size} each do not fit ${into.length} bytes of ${stride} each`,
    );
  }
  if (size === stride) {
    into.set(codes);
    return;
  }
  for (let item = 0; item < numItems; item++) {
    into.set(codes.subarray(item * size, (item + 1) * size), item * stride);
  }
}
