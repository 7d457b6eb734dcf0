/** A label of many images waits for a look before it is given. */
import { needsLook, reportLabel } from "../../lib/guard";
import type { ProjectSession } from "../../state/project-session";
import { labelSelection } from "./label-gestures";

/** Give the selection a class (null takes labels away), at once or after a look at what that would do. */
export function requestLabel(session: ProjectSession, classId: number | null): void {
  const { selection, screen, sync, map } = session;
  const report = reportLabel({
    indexes: selection.getState().indexes,
    classId,
    labels: sync.labels.getState().shown,
    predictions: map.getState().data?.predictedClass ?? null,
    probability: null,
    annotators: null,
  });
  if (needsLook(report)) screen.setState({ pendingLabel: { classId } });
  else labelSelection(session, classId);
}

/** Give the label that waits. */
export function confirmLabel(session: ProjectSession): void {
  const pending = session.screen.getState().pendingLabel;
  if (!pending) return;
  session.screen.setState({ pendingLabel: null });
  labelSelection(session, pending.classId);
}

/** True when a label waited and does not any more. */
export function cancelLabel({ screen }: ProjectSession): boolean {
  if (screen.getState().pendingLabel === null) return false;
  screen.setState({ pendingLabel: null });
  return true;
}
