/** The images that a person has chosen, and by which gesture. Private to the tab. */
import { createStore, type StoreApi } from "zustand/vanilla";

export type SelectionGesture = "lasso" | "box" | "click" | "grid" | "keyboard";

export interface SelectionState {
  /** Ascending, no index twice. */
  readonly indexes: Uint32Array;
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
  store.setState({ indexes, gesture, polygon, madeAt_ms: now_ms });
}

/** Take one image out; how the rest was chosen stays on record. */
export function dropFromSelection(store: SelectionStore, index: number): void {
  const { indexes } = store.getState();
  store.setState({ indexes: indexes.filter((other) => other !== index) });
}

export function clearSelection(store: SelectionStore): void {
  if (store.getState().indexes.length > 0) store.setState({ indexes: NOTHING, polygon: null });
}
