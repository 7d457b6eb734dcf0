/** The three first steps in a project: where somebody stands, and whether they want to be shown. */
import type { TextStorage } from "./view";

export type Step = "import" | "classes" | "label";
export const STEPS: readonly Step[] = ["import", "classes", "label"];
export const MIN_CLASSES = 2;

const keyOf = (projectId: number) => `labeler.onboarding.${projectId}`;

export interface Progress {
  numImages: number;
  numClasses: number;
  numLabelled: number;
}

/** The first step that is not done; null when all are. */
export function currentStep({ numImages, numClasses, numLabelled }: Progress): Step | null {
  if (numImages === 0) return "import";
  if (numClasses < MIN_CLASSES) return "classes";
  return numLabelled === 0 ? "label" : null;
}

export function isSkipped(projectId: number, storage: TextStorage): boolean {
  return storage.getItem(keyOf(projectId)) === "skipped";
}

export function skipSteps(projectId: number, storage: TextStorage): void {
  storage.setItem(keyOf(projectId), "skipped");
}
