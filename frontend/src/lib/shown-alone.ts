/** Images without a label that are shown alone: those the model is unsure of, those it takes for one class, or both. */
import { DOUBT_STEPS, type DoubtStep, type Predicted } from "./doubt";
import type { Filter } from "./filter";

export interface ShownAlone {
  /** At most so sure, in percent; null: however sure. */
  readonly step: DoubtStep | null;
  /** Taken for this class; null: for any. */
  readonly classId: number | null;
}

/** What of it a filter asks for. */
export function shownAlone({ labels, predictions, confidence: [low, high] }: Filter): ShownAlone {
  if (labels.length !== 1 || labels[0] !== 0) return { step: null, classId: null };
  return {
    step: low === 0 ? (DOUBT_STEPS.find((step) => step === high) ?? null) : null,
    classId: predictions.length === 1 && predictions[0] !== 0 ? predictions[0] : null,
  };
}

/** The filter after a change of one or both; what the change does not name stays, also where it is not of this kind. */
export function withShownAlone(filter: Filter, change: Partial<ShownAlone>): Filter {
  const { step, classId } = { ...shownAlone(filter), ...change };
  return {
    ...filter,
    labels: step === null && classId === null ? [] : [0],
    confidence: change.step === undefined ? filter.confidence : [0, step ?? 100],
    predictions: change.classId === undefined ? filter.predictions : classId === null ? [] : [classId],
  };
}

/** How many images without a label the model takes for a class, at the place of its id; empty without a model. */
export function countTaken(images: Predicted | null, labels: Int32Array): Int32Array {
  if (!images?.predictedClass) return new Int32Array();
  const { removed, predictedClass } = images;
  const counts = new Int32Array(1 + predictedClass.reduce((most, classId) => Math.max(most, classId), 0));
  for (let index = 0; index < predictedClass.length; index += 1) {
    if (labels[index] || removed?.[index] === 1) continue;
    counts[predictedClass[index]] += 1;
  }
  counts[0] = 0; // not predicted yet
  return counts;
}
