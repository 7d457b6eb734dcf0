/** How far the classes are from the number of labels that starts a training. */
import { formatCount } from "./format";

export interface TrainingProgress {
  numReady: number;
  numClasses: number;
  numMissing: number;
  text: string;
}

const MIN_CLASSES = 2;

/** @param counts labels per class @param threshold labels that every class needs */
export function trainingProgress(counts: readonly number[], threshold: number): TrainingProgress {
  const numReady = counts.filter((count) => count >= threshold).length;
  const numMissing = counts.reduce((sum, count) => sum + Math.max(0, threshold - count), 0);
  const numClasses = counts.length;
  return { numReady, numClasses, numMissing, text: progressText(numReady, numClasses, numMissing) };
}

function progressText(numReady: number, numClasses: number, numMissing: number): string {
  if (numClasses < MIN_CLASSES) return "needs two classes";
  if (numMissing === 0) return "all ready to train";
  return `${numReady}/${numClasses} ready · ${formatCount(numMissing)} to go`;
}
