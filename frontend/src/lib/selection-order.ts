/** The order of the selection's grid: what a person should look at first comes first. */

export type SortBy = "odd" | "class" | "doubtful" | "certain" | "index";

export const SORTS: readonly { value: SortBy; title: string; needsModel: boolean }[] = [
  { value: "odd", title: "Odd ones first", needsModel: false },
  { value: "class", title: "Least like the class first", needsModel: true },
  { value: "doubtful", title: "Doubtful first", needsModel: true },
  { value: "certain", title: "Certain first", needsModel: true },
  { value: "index", title: "In order of import", needsModel: false },
];

/** So many times the median distance from the middle makes an image an odd one. */
export const ODD_FROM = 3;
/** Fewer images have no middle to be far from. */
export const MIN_FOR_ODD = 8;

/**
 * Distance of each image from the middle of the selection, in medians of these distances. The middle is the median of
 * x and of y, so that a few far ones do not move it.
 *
 * @param indexes images, any order
 * @param layout (2N) x, y; NaN for an image without a place
 * @returns one number for each of `indexes`, 0 where there is no place or all lie on one point
 */
export function oddness(indexes: Uint32Array, layout: Float32Array): Float32Array {
  const placed = indexes.filter((index) => !Number.isNaN(layout[2 * index] ?? Number.NaN));
  const centreX = median(Float32Array.from(placed, (index) => layout[2 * index]));
  const centreY = median(Float32Array.from(placed, (index) => layout[2 * index + 1]));
  const distanceOf = (index: number) =>
    Math.hypot(layout[2 * index] - centreX, layout[2 * index + 1] - centreY);
  const typical = median(Float32Array.from(placed, distanceOf));
  if (!(typical > 0)) return new Float32Array(indexes.length);
  return Float32Array.from(indexes, (index) => {
    const distance = distanceOf(index);
    return Number.isNaN(distance) ? 0 : distance / typical;
  });
}

/** The images of `indexes` that lie far from the others, farthest first. */
export function oddOnes(indexes: Uint32Array, layout: Float32Array): Uint32Array {
  if (indexes.length < MIN_FOR_ODD) return new Uint32Array();
  const odd = oddness(indexes, layout);
  const far = new Map<number, number>();
  for (const [at, index] of indexes.entries()) if (odd[at] >= ODD_FROM) far.set(index, odd[at]);
  return Uint32Array.from([...far.keys()].sort((a, b) => (far.get(b) ?? 0) - (far.get(a) ?? 0)));
}

export interface OrderInput {
  sortBy: SortBy;
  layout: Float32Array;
  /** (N) probability of the predicted class times 255; null before the first model. */
  confidence: Uint8Array | null;
  /** (N) probability of the class in question times 255; null when no model knows it. */
  probability: Uint8Array | null;
}

/** `indexes` in the order wanted; ties stay in order of index. */
export function orderSelection(indexes: Uint32Array, input: OrderInput): Uint32Array {
  const keys = sortKeys(indexes, input);
  if (keys === null) return indexes;
  const places = Uint32Array.from(indexes, (_, at) => at);
  places.sort((a, b) => keys[a] - keys[b] || a - b);
  return places.map((at) => indexes[at]);
}

/** Smaller comes first; null leaves the order as it is. */
function sortKeys(
  indexes: Uint32Array,
  { sortBy, layout, confidence, probability }: OrderInput,
): Float32Array | null {
  if (sortBy === "odd") return oddness(indexes, layout).map((value) => -value);
  if (sortBy === "class" && probability)
    return Float32Array.from(indexes, (index) => probability[index] ?? 0);
  if (sortBy === "doubtful" && confidence)
    return Float32Array.from(indexes, (index) => confidence[index] ?? 0);
  if (sortBy === "certain" && confidence)
    return Float32Array.from(indexes, (index) => -(confidence[index] ?? 0));
  return null;
}

/** Middle value; the lower one of two. NaN of nothing. */
function median(values: Float32Array): number {
  if (values.length === 0) return Number.NaN;
  return values.slice().sort()[(values.length - 1) >> 1];
}
