/** Cases to review: one image with its label and what speaks against it. */
import type { Disagreement, Suspect } from "../../api/types";

/** Why the cases are looked at: the model doubts the label, or people disagree. */
export type ReviewWhat = "suspects" | "disagreements";

export interface ReviewCase {
  index: number;
  /** What it counts as now; null: nothing. */
  classId: number | null;
  /** The class offered instead; null when people must choose. */
  suggestedId: number | null;
  /** Probability of the given class, in [0, 1]; null when people disagree. */
  quality: number | null;
  /** Who gave which class; empty when the model doubts. */
  given: readonly { annotator: string; classId: number }[];
}

export function caseOfSuspect(suspect: Suspect): ReviewCase {
  return {
    index: suspect.index,
    classId: suspect.class_id,
    suggestedId: suspect.suggested_class_id,
    quality: suspect.quality,
    given: [],
  };
}

/** The class offered is the one that most people gave and that it does not count as now; none on a tie. */
export function caseOfDisagreement({ index, class_id, labels }: Disagreement): ReviewCase {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label.class_id, (counts.get(label.class_id) ?? 0) + 1);
  const others = [...counts].filter(([id]) => id !== class_id).sort((a, b) => b[1] - a[1]);
  const isTie = others.length > 1 && others[0][1] === others[1][1];
  return {
    index,
    classId: class_id ?? null,
    suggestedId: others.length === 0 || isTie ? null : others[0][0],
    quality: null,
    given: labels.map((label) => ({ annotator: label.annotator, classId: label.class_id })),
  };
}

/** The case to show after the one at `position` was decided: the next open one, else the last before it; -1 for none. */
export function nextOpen(cases: readonly ReviewCase[], done: ReadonlySet<number>, position: number): number {
  for (let at = position + 1; at < cases.length; at++) if (!done.has(cases[at].index)) return at;
  for (let at = position - 1; at >= 0; at--) if (!done.has(cases[at].index)) return at;
  return -1;
}
