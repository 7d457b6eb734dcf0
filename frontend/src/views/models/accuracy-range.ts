/** The part of the models that has a measured accuracy, and the axes that show all of it. */
import type { ModelVersion } from "../../api/types";

export interface MeasuredModel {
  number: number;
  isProvisional: boolean;
  numLabels: number;
  accuracy: number;
  low: number;
  high: number;
}

/** Oldest first; models without held-out labels are left out. */
export function measuredModels(models: readonly ModelVersion[]): MeasuredModel[] {
  return models
    .flatMap(({ number, is_provisional, num_labels, accuracy, accuracy_low, accuracy_high }) =>
      accuracy == null
        ? []
        : [
            {
              number,
              isProvisional: is_provisional,
              numLabels: num_labels,
              accuracy,
              low: accuracy_low ?? accuracy,
              high: accuracy_high ?? accuracy,
            },
          ],
    )
    .sort((a, b) => a.number - b.number);
}

/** Whether there is a curve to draw: models of two numbers of labels at least. */
export function isCurve(models: readonly MeasuredModel[]): boolean {
  return models.some(({ numLabels }) => numLabels !== models[0]?.numLabels);
}

/** Axes: accuracy from a whole tenth below the lowest bound to 1, labels from the fewest to the most. */
export function chartRange(models: readonly MeasuredModel[]) {
  const lowest = Math.min(...models.map(({ low }) => low));
  const labels = models.map(({ numLabels }) => numLabels);
  return {
    low: Math.min(0.9, Math.floor(lowest * 10) / 10),
    high: 1,
    first: Math.min(...labels),
    last: Math.max(...labels),
  };
}
