/** Sets of image indexes: ascending, no index twice. */

export type Combine = "replace" | "add" | "subtract" | "intersect";

/** `current` changed by the indexes of a gesture: one walk along both. */
export function combineIndexes(current: Uint32Array, indexes: Uint32Array, combine: Combine): Uint32Array {
  if (combine === "replace") return indexes;
  const [keepsCurrent, keepsBoth, keepsGiven] = KEPT[combine];
  const result = new Uint32Array(current.length + indexes.length);
  let count = 0;
  let at = 0;
  for (let given = 0; at < current.length || given < indexes.length; ) {
    const left = current[at] ?? Infinity;
    const right = indexes[given] ?? Infinity;
    const isKept = left < right ? keepsCurrent : left > right ? keepsGiven : keepsBoth;
    if (isKept) result[count++] = Math.min(left, right);
    if (left <= right) at++;
    if (right <= left) given++;
  }
  return result.slice(0, count);
}

/** What stays of the images of the first set alone, of both, and of the second alone. */
const KEPT = {
  add: [true, true, true],
  subtract: [true, false, false],
  intersect: [false, true, false],
} as const;

/** All indexes below `numImages` that are not in `indexes`. */
export function invertIndexes(indexes: Uint32Array, numImages: number): Uint32Array {
  const isIn = new Uint8Array(numImages);
  for (const index of indexes) isIn[index] = 1;
  return indexesWhere(numImages, (index) => isIn[index] === 0);
}

/** Images without a label; those beyond the labels at hand have none. */
export function unlabelledIndexes(classIds: Int32Array, numImages: number): Uint32Array {
  return indexesWhere(numImages, (index) => (classIds[index] ?? 0) === 0);
}

/** Images with one class. */
export function indexesOfClass(classIds: Int32Array, classId: number): Uint32Array {
  return indexesWhere(classIds.length, (index) => classIds[index] === classId);
}

function indexesWhere(numImages: number, isWanted: (index: number) => boolean): Uint32Array {
  const found: number[] = [];
  for (let index = 0; index < numImages; index += 1) if (isWanted(index)) found.push(index);
  return Uint32Array.from(found);
}
