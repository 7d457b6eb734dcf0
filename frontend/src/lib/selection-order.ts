/** The order of the selection's grid: what a person should look at first comes first. */

export type SortBy = "odd" | "class" | "doubtful" | "certain" | "index";

export const SORTS: readonly { value: SortBy; title: string; needsModel: boolean }[] = [
  { value: "odd", title: "Odd ones first", needsModel: false },
  { value: "class", title: "Least like the class first", needsModel: true },
  { value: "doubtful", title: "Doubtful first", needsModel: true },
  { value: "certain", title: "Certain first", needsModel: true },
  { value: "index", title: "In order of import", needsModel: false },
];

/** From so many robust standard deviations on an image is an odd one (Iglewicz and Hoaglin, 1993). */
export const ODD_FROM = 3.5;
/** Fewer images have no middle to be far from. */
export const MIN_FOR_ODD = 8;
/** Median absolute deviation of a normal distribution, in standard deviations. */
const DEVIATIONS_PER_MEDIAN = 0.6745;

/**
 * Distance of each image from the middle of the selection on the map: what there is before the images are embedded. The
 * middle is the median of x and of y, so that a few far ones do not move it.
 *
 * @param indexes n images, any order
 * @param layout (2N) x, y; NaN for an image without a place
 * @returns (n) in units of the layout, NaN where there is no place
 */
export function distancesOnMap(indexes: Uint32Array, layout: Float32Array): Float32Array {
  const placed = indexes.filter((index) => !Number.isNaN(layout[2 * index] ?? Number.NaN));
  const centreX = median(Float32Array.from(placed, (index) => layout[2 * index]));
  const centreY = median(Float32Array.from(placed, (index) => layout[2 * index + 1]));
  return Float32Array.from(indexes, (index) =>
    Math.hypot((layout[2 * index] ?? Number.NaN) - centreX, (layout[2 * index + 1] ?? Number.NaN) - centreY),
  );
}

/**
 * How far each image is from where the others are, from its distance to their middle: the modified z-score.
 *
 * @param distances (n) any unit; NaN where not known
 * @returns (n) robust standard deviations above the median; 0 where not known, or where most distances are the same
 */
export function oddness(distances: Float32Array): Float32Array {
  const known = distances.filter((distance) => !Number.isNaN(distance));
  const typical = median(known);
  const deviation = median(known.map((distance) => Math.abs(distance - typical)));
  if (!(deviation > 0)) return new Float32Array(distances.length);
  return distances.map((distance) =>
    Number.isNaN(distance) ? 0 : (DEVIATIONS_PER_MEDIAN * (distance - typical)) / deviation,
  );
}

/** The images of `indexes` (n) that lie far from the others by their `distances` (n), farthest first. */
export function oddOnes(indexes: Uint32Array, distances: Float32Array): Uint32Array {
  if (indexes.length < MIN_FOR_ODD) return new Uint32Array();
  const odd = oddness(distances);
  const far = Uint32Array.from(indexes.keys()).filter((at) => odd[at] >= ODD_FROM);
  return far.sort((a, b) => odd[b] - odd[a] || a - b).map((at) => indexes[at]);
}

export interface OrderInput {
  sortBy: SortBy;
  /** (n) from the middle of the n images to order; NaN where not known. */
  distances: Float32Array;
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
  { sortBy, distances, confidence, probability }: OrderInput,
): Float32Array | null {
  if (sortBy === "odd") return distances.map((distance) => (Number.isNaN(distance) ? 0 : -distance));
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
