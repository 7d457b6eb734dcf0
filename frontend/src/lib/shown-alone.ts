/** Images without a label that are shown alone: those the model is unsure of, those it takes for one class, or both. */
import { DOUBT_STEPS, type DoubtStep } from "./doubt";
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
