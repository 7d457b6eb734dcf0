/** What the label that waits would do. */
import { useMemo } from "react";
import { useStore } from "zustand";
import { type GuardReport, reportLabel } from "../../lib/guard";
import { useProject } from "./project-context";
import { useLabelFacts } from "./use-label-facts";
import { useProbability } from "./use-selection-order";

export function useGuardReport(): { classId: number | null; report: GuardReport } | null {
  const { session } = useProject();
  const pending = useStore(session.screen, (screen) => screen.pendingLabel);
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const predictions = useStore(session.map, (state) => state.data?.predictedClass ?? null);
  const classId = pending?.classId ?? null;
  const isPending = pending !== null;
  const probability = useProbability(classId);
  const annotators = useLabelFacts(isPending)?.annotatorIds ?? null;
  const report = useMemo(
    () =>
      isPending ? reportLabel({ indexes, classId, labels, predictions, probability, annotators }) : null,
    [isPending, indexes, classId, labels, predictions, probability, annotators],
  );
  return report && { classId, report };
}
