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

/** From so many images on a label is looked at before it is given. */
export const GUARD_FROM = 100;
/** The same where it would change labels, or the model doubts it. */
export const GUARD_IF_IN_DOUBT_FROM = 25;
/** Below this probability of the class, times 255, the model doubts the label. */
const DOUBT_BELOW = 128;

export interface GuardInput {
  indexes: Uint32Array;
  /** Class to give; null takes labels away. */
  classId: number | null;
  labels: Int32Array;
  predictions: Int32Array | null;
  /** (N) probability of the class times 255; null when no model knows it. */
  probability: Uint8Array | null;
  /** (N) who gave the label that counts, 0 = nobody; null while not known. */
  annotators: Int32Array | null;
}

export interface GuardReport {
  numSelected: number;
  /** Images that have the class already. */
  numSame: number;
  /** Other labels that would go, most frequent first. */
  overwritten: ClassCount[];
  numOverwritten: number;
  /** Who gave the labels that are there, most first. */
  byAnnotator: { annotatorId: number; count: number }[];
  /** Ascending: images that the model gives another class. */
  doubtful: Uint32Array;
  /** False when no model knows the class, so that nothing is known of doubt. */
  isModelAsked: boolean;
}

/** What giving the selection a class would do. */
export function reportLabel(input: GuardInput): GuardReport {
  const { indexes, classId, labels, annotators } = input;
  const counts = countClasses(indexes, labels);
  const overwritten = counts.filter((entry) => entry.classId !== classId);
  const byAnnotator = annotators
    ? countClasses(
        indexes.filter((index) => labels[index]),
        annotators,
      )
    : [];
  return {
    numSelected: indexes.length,
    numSame: counts.find((entry) => entry.classId === classId)?.count ?? 0,
    overwritten,
    numOverwritten: overwritten.reduce((sum, { count }) => sum + count, 0),
    byAnnotator: byAnnotator.map((entry) => ({ annotatorId: entry.classId, count: entry.count })),
    doubtful: doubtfulOf(input),
    isModelAsked: classId !== null && (input.probability !== null || knows(input.predictions, classId)),
  };
}

/** True when a person should look before the label is given. */
export function needsLook(report: GuardReport): boolean {
  if (report.numSelected >= GUARD_FROM) return true;
  const isInDoubt = report.numOverwritten > 0 || report.doubtful.length > 0;
  return isInDoubt && report.numSelected >= GUARD_IF_IN_DOUBT_FROM;
}

/** Images that a model has seen and gives the class less than even odds; without odds, those with another prediction. */
function doubtfulOf({ indexes, classId, predictions, probability }: GuardInput): Uint32Array {
  if (classId === null) return new Uint32Array();
  if (probability) {
    return indexes.filter((index) => index < probability.length && probability[index] < DOUBT_BELOW);
  }
  if (!knows(predictions, classId)) return new Uint32Array();
  return indexes.filter((index) => predictions[index] !== 0 && predictions[index] !== classId);
}

function knows(predictions: Int32Array | null, classId: number): predictions is Int32Array {
  return predictions?.includes(classId) ?? false;
}
