/** What is taken for what most often: an off-diagonal cell of the confusion matrix. */

export interface Confusion {
  /** Row: place of the label's class. */
  readonly label: number;
  /** Column: place of the predicted class. */
  readonly predicted: number;
  readonly count: number;
  /** Held-out labels of the class. */
  readonly numLabels: number;
}

/** Off-diagonal cells with something in them, the largest first; of equal ones that of the rarer label. */
export function largestConfusions(
  confusion: readonly (readonly number[])[],
  { limit }: { limit: number },
): Confusion[] {
  return confusion
    .flatMap((row, label) => {
      const numLabels = row.reduce((sum, value) => sum + value, 0);
      return row.map((count, predicted) => ({ label, predicted, count, numLabels }));
    })
    .filter(({ label, predicted, count }) => label !== predicted && count > 0)
    .sort((a, b) => b.count - a.count || a.numLabels - b.numLabels)
    .slice(0, limit);
}
