/** The images that a person has chosen, and by which gesture. Private to the tab. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { onlyPresent, type RemovedMask } from "../lib/removed";

export type SelectionGesture = "lasso" | "box" | "click" | "grid" | "keyboard";

export interface SelectionState {
  /** Ascending, no index twice. */
  readonly indexes: Uint32Array;
  /** Ascending: images of the same gesture that were taken out one by one; they can be put back. */
  readonly leftOut: Uint32Array;
  readonly gesture: SelectionGesture;
  /** World coordinates x0, y0, x1, y1, ... of the outline; null when there was none. */
  readonly polygon: Float32Array | null;
  /** When the selection was made, in ms of `performance.now()`. */
  readonly madeAt_ms: number;
}

export type SelectionStore = StoreApi<SelectionState>;

const NOTHING = new Uint32Array();

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({
    indexes: NOTHING,
    leftOut: NOTHING,
    gesture: "click",
    polygon: null,
    madeAt_ms: 0,
  }));
}

export function setSelection(
  store: SelectionStore,
  indexes: Uint32Array,
  {
    gesture,
    polygon = null,
    now_ms,
  }: { gesture: SelectionGesture; polygon?: Float32Array | null; now_ms: number },
): void {
  store.setState({ indexes, leftOut: NOTHING, gesture, polygon, madeAt_ms: now_ms });
}

/** Take images out; how the rest was chosen stays on record. Those that are not selected are passed over. */
export function leaveOut(store: SelectionStore, given: Iterable<number>): void {
  const { indexes, leftOut } = store.getState();
  const gone = new Set(given);
  const kept = indexes.filter((index) => !gone.has(index));
  if (kept.length === indexes.length) return;
  const taken = indexes.filter((index) => gone.has(index));
  store.setState({ indexes: kept, leftOut: union(leftOut, taken) });
}

/** Put images back that were taken out. */
export function putBack(store: SelectionStore, given: Iterable<number>): void {
  const { indexes, leftOut } = store.getState();
  const wanted = new Set(given);
  const back = leftOut.filter((index) => wanted.has(index));
  if (back.length === 0) return;
  store.setState({
    indexes: union(indexes, back),
    leftOut: leftOut.filter((index) => !wanted.has(index)),
  });
}

/** Forget images that were removed from the project, also those that were left out. */
export function forgetRemoved(store: SelectionStore, removed: RemovedMask): void {
  const { indexes, leftOut } = store.getState();
  const kept = { indexes: onlyPresent(indexes, removed), leftOut: onlyPresent(leftOut, removed) };
  if (kept.indexes !== indexes || kept.leftOut !== leftOut) store.setState(kept);
}

export function clearSelection(store: SelectionStore): void {
  const { indexes, leftOut } = store.getState();
  if (indexes.length > 0 || leftOut.length > 0) {
    store.setState({ indexes: NOTHING, leftOut: NOTHING, polygon: null });
  }
}

function union(first: Uint32Array, second: Uint32Array): Uint32Array {
  const joined = new Uint32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined.sort();
}
