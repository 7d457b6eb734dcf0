/** The marginals of an image's saliency map, from its profile codes: code = round(255 sqrt(p / max p)). */

export interface Marginals {
  /** Left to right, in [0, 1], the largest 1. */
  x: number[];
  /** Top to bottom. */
  y: number[];
}

/** @returns null for an image that came after the model, or whose map is zero everywhere. */
export function marginalsOf(
  profiles: Uint8Array,
  { height, width }: { height: number; width: number },
  index: number,
): Marginals | null {
  const codes = profiles.subarray(index * (width + height), (index + 1) * (width + height));
  const share = (code: number) => (code / 255) ** 2;
  const x = Array.from(codes.subarray(0, width), share);
  const y = Array.from(codes.subarray(width), share);
  return x.some((value) => value > 0) && y.some((value) => value > 0) ? { x, y } : null;
}
