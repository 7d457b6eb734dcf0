/** Gestures of pages: what goes to the outbox, and picking images. */
import type { Provenance } from "../../api/types";
import type { ProjectSession } from "../../state/project-session";

export interface ConfirmGesture {
  classId: number;
  indexes: readonly number[];
  /** accept: the model proposed the class. */
  kind: "accept" | "assign";
  gesture?: "confirm" | "review" | "grid";
  view: "whole" | "crop";
  /** Of the crops; counts when `view` is crop. */
  retention: number;
  secondsShown: number;
}

/** Give images of a page a class. */
export function confirmImages({ sync, map }: ProjectSession, made: ConfirmGesture): void {
  const provenance: Provenance = {
    gesture: made.gesture ?? "confirm",
    view: made.view,
    seconds_shown: Math.max(0, Math.round(1000 * made.secondsShown) / 1000),
  };
  if (made.view === "crop") provenance.retention = made.retention;
  const modelVersion = map.getState().data?.modelVersion;
  if (modelVersion) provenance.model_version = modelVersion;
  void sync.gesture({
    kind: made.kind,
    class_id: made.classId,
    image_indexes: [...made.indexes],
    provenance,
  });
}

/** The set with each index put in or taken out; a run takes the state that its last one gets. */
export function toggled(before: ReadonlySet<number>, indexes: readonly number[]): ReadonlySet<number> {
  const after = new Set(before);
  const isAdded = !before.has(indexes[indexes.length - 1]);
  for (const index of indexes) {
    if (isAdded) after.add(index);
    else after.delete(index);
  }
  return after;
}
