/**
 * What the model is unsure of: images without a label whose prediction has at most some confidence. Shown alone, those
 * that the model takes for the wrong class lie next to each other, where a lasso takes several of them at once.
 */
import type { RemovedMask } from "./removed";

/** Highest confidence in percent, the mildest doubt first. */
export const DOUBT_STEPS = [90, 70, 50] as const;
export type DoubtStep = (typeof DOUBT_STEPS)[number];

export interface Predicted {
  readonly removed: RemovedMask;
  readonly predictedClass: Int32Array | null;
  /** Probability of the predicted class times 255. */
  readonly confidence: Uint8Array | null;
}

/** How many images each step shows, as its filter counts them; none without a model. */
export function countDoubtful(images: Predicted | null, labels: Int32Array): number[] {
  const counts = DOUBT_STEPS.map(() => 0);
  if (!images?.predictedClass || !images.confidence) return counts;
  const { removed, predictedClass, confidence } = images;
  const highest = DOUBT_STEPS.map((percent) => (255 * percent) / 100);
  for (let index = 0; index < confidence.length; index += 1) {
    if (labels[index] || predictedClass[index] === 0 || removed?.[index] === 1) continue;
    for (let step = 0; step < highest.length && confidence[index] <= highest[step]; step += 1)
      counts[step] += 1;
  }
  return counts;
}

/** Round all steps that show something: after the last one all images again. */
export function nextDoubt(current: DoubtStep | null, counts: readonly number[]): DoubtStep | null {
  const shown = DOUBT_STEPS.filter((_, at) => counts[at] > 0);
  return shown.find((step) => current === null || step < current) ?? null;
}
