/** Gestures that give labels: what goes to the outbox, and what the screen says of it. */
import { provenanceOf } from "../../lib/provenance";
import type { ProjectSession } from "../../state/project-session";
import { clearSelection } from "../../state/selection";

/** Give the selection a class, or take its labels away with null. */
export function labelSelection(session: ProjectSession, classId: number | null): void {
  const selection = session.selection.getState();
  if (selection.indexes.length === 0) return;
  const { map, view, screen, sync } = session;
  void sync.gesture({
    kind: classId === null ? "clear" : "assign",
    class_id: classId,
    image_indexes: [...selection.indexes],
    provenance: provenanceOf(selection, view.getState(), map.getState().data, performance.now()),
  });
  screen.setState({ lastLabel: { classId, count: selection.indexes.length } });
  clearSelection(session.selection);
}

/** Give the one image that is shown large a class; the selection stays. */
export function labelImage(
  { sync, screen, view, map }: ProjectSession,
  index: number,
  classId: number,
): void {
  const now_ms = performance.now();
  const single = {
    indexes: Uint32Array.of(index),
    gesture: "click",
    polygon: null,
    madeAt_ms: now_ms,
  } as const;
  void sync.gesture({
    kind: "assign",
    class_id: classId,
    image_indexes: [index],
    provenance: provenanceOf(single, view.getState(), map.getState().data, now_ms),
  });
  screen.setState({ lastLabel: { classId, count: 1 } });
}

/** Take back the newest label of this person, as the keys and the button beside the last label do. */
export function undoLast({ screen, sync }: ProjectSession): void {
  screen.setState({ lastLabel: null });
  void sync.undo();
}
