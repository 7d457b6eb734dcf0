/**
 * The labels of a project: what the server has (`base` at `sequence`) with the gestures that it has not confirmed laid on
 * top (`pending`), which together are `shown`. N: number of images; a class id of 0 means no label.
 *
 * A gesture is pending from the moment it is made until `base` has reached the sequence number it was given, so the
 * shown label never flickers back. Events may come twice, late or not at all: each is applied only if it is the next.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { LabelChange } from "../api/types";

export type GestureKind = "assign" | "clear" | "accept" | "undo" | "redo";

export interface PendingGesture {
  readonly id: string;
  readonly kind: GestureKind;
  readonly classId: number | null;
  readonly imageIndexes: readonly number[];
  /** Sequence number that the server gave it; null until it has. */
  readonly sequence: number | null;
}

/** A label action as events and answers tell it: what its images have now; null when there are too many to list. */
export interface ServerAction {
  readonly sequence: number;
  readonly changes: readonly LabelChange[] | null;
}

export interface LabelState {
  readonly base: Int32Array;
  /** Sequence number of the last action in `base`. */
  readonly sequence: number;
  readonly pending: readonly PendingGesture[];
  /** (N) class id per image as the person should see it. */
  readonly shown: Int32Array;
  /** Images per class id, of `shown`. */
  readonly counts: ReadonlyMap<number, number>;
  readonly numLabelled: number;
  readonly isLoaded: boolean;
}

/** applied: it was the next one. known: already in. gap: earlier ones are missing or it must be read again. */
export type ApplyResult = "applied" | "known" | "gap";

export type LabelStore = StoreApi<LabelState>;

export function createLabelStore(): LabelStore {
  return createStore<LabelState>(() => ({
    base: new Int32Array(),
    sequence: 0,
    pending: [],
    shown: new Int32Array(),
    counts: new Map(),
    numLabelled: 0,
    isLoaded: false,
  }));
}

/** Take the server's labels as read at `sequence`; older ones than those at hand are dropped. */
export function loadLabels(store: LabelStore, base: Int32Array, sequence: number): void {
  const state = store.getState();
  if (state.isLoaded && sequence < state.sequence) return;
  update(store, { base, sequence, isLoaded: true });
}

/** Show a gesture at once. */
export function addPending(store: LabelStore, gesture: PendingGesture): void {
  update(store, { pending: [...store.getState().pending, gesture] });
}

/** The server took the gesture as `sequence`; it stays on top until `base` is that far. */
export function confirmPending(store: LabelStore, id: string, sequence: number): void {
  const pending = store
    .getState()
    .pending.map((gesture) => (gesture.id === id ? { ...gesture, sequence } : gesture));
  update(store, { pending });
}

/** The server refused the gesture: what was shown before comes back. */
export function dropPending(store: LabelStore, id: string): void {
  update(store, { pending: store.getState().pending.filter((gesture) => gesture.id !== id) });
}

/** Bring an action of anybody into `base`. */
export function applyAction(store: LabelStore, action: ServerAction): ApplyResult {
  const { base, sequence, isLoaded } = store.getState();
  if (isLoaded && action.sequence <= sequence) return "known";
  if (!isLoaded || action.sequence !== sequence + 1 || action.changes === null) return "gap";
  const next = base.slice();
  for (const change of action.changes) paint(next, change.image_indexes, change.class_id ?? 0);
  update(store, { base: next, sequence: action.sequence });
  return "applied";
}

function update(store: LabelStore, changes: Partial<LabelState>): void {
  const merged = { ...store.getState(), ...changes };
  const pending = merged.pending.filter(
    (gesture) => gesture.sequence === null || gesture.sequence > merged.sequence,
  );
  const shown = showPending(merged.base, pending);
  const counts = countLabels(shown);
  let numLabelled = 0;
  for (const count of counts.values()) numLabelled += count;
  store.setState({ ...merged, pending, shown, counts, numLabelled });
}

/** `base` with the pending gestures on top, in order; an undo takes the last gesture before it that still stands. */
export function showPending(base: Int32Array, pending: readonly PendingGesture[]): Int32Array {
  const standing: PendingGesture[] = [];
  const taken: PendingGesture[] = [];
  for (const gesture of pending) {
    if (gesture.kind === "undo") {
      const last = standing.pop();
      if (last) taken.push(last);
    } else if (gesture.kind === "redo") {
      const last = taken.pop();
      if (last) standing.push(last);
    } else {
      standing.push(gesture);
      taken.length = 0;
    }
  }
  if (standing.length === 0) return base;
  const shown = base.slice();
  for (const gesture of standing) {
    paint(shown, gesture.imageIndexes, gesture.kind === "clear" ? 0 : (gesture.classId ?? 0));
  }
  return shown;
}

function paint(labels: Int32Array, indexes: readonly number[], classId: number): void {
  for (const index of indexes) if (index < labels.length) labels[index] = classId;
}

function countLabels(labels: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const classId of labels) if (classId !== 0) counts.set(classId, (counts.get(classId) ?? 0) + 1);
  return counts;
}
