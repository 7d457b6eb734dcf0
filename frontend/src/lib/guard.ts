/** What a label would do to a selection: how many images have one already, of which class, and what the model thinks. */

export interface ClassCount {
  classId: number;
  count: number;
}

export interface SelectionSummary {
  numSelected: number;
  numLabelled: number;
  /** Labels that the selected images have, most frequent first. */
  labels: ClassCount[];
  /** Predictions for the selected images, most frequent first; empty before the first model. */
  predictions: ClassCount[];
}

function countClasses(indexes: Uint32Array, classIds: Int32Array): ClassCount[] {
  const counts = new Map<number, number>();
  for (const index of indexes) {
    const classId = classIds[index] ?? 0;
    if (classId !== 0) counts.set(classId, (counts.get(classId) ?? 0) + 1);
  }
  return [...counts]
    .map(([classId, count]) => ({ classId, count }))
    .sort((a, b) => b.count - a.count || a.classId - b.classId);
}

/** @param predictions class id per image, 0 = none; null before the first model. */
export function summarize(
  indexes: Uint32Array,
  labels: Int32Array,
  predictions: Int32Array | null,
): SelectionSummary {
  const counted = countClasses(indexes, labels);
  return {
    numSelected: indexes.length,
    numLabelled: counted.reduce((sum, { count }) => sum + count, 0),
    labels: counted,
    predictions: predictions ? countClasses(indexes, predictions) : [],
  };
}

/** Selected images with a label other than `classId`: those that a label would change. */
export function countOverwritten(indexes: Uint32Array, labels: Int32Array, classId: number): number {
  let count = 0;
  for (const index of indexes) {
    const label = labels[index] ?? 0;
    if (label !== 0 && label !== classId) count += 1;
  }
  return count;
}
