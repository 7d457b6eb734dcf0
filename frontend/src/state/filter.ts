/** The filter of one person's view, and what of the images does not pass. Private to the tab; the address carries it. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { type Filter, NO_FILTER } from "../lib/filter";
import { type ShownAlone, shownAlone, withShownAlone } from "../lib/shown-alone";

export interface FilterState {
  readonly filter: Filter;
  /** The rest is not drawn at all, instead of dimmed. */
  readonly hidesRest: boolean;
  /** (N) 1 where an image does not pass; null when all do. */
  readonly mask: Uint8Array | null;
  readonly numPassing: number;
  /** Numbers that the filter asks for are on their way. */
  readonly isLoading: boolean;
}

export type FilterStore = StoreApi<FilterState>;

export function createFilterStore(): FilterStore {
  return createStore<FilterState>(() => ({
    filter: NO_FILTER,
    hidesRest: false,
    mask: null,
    numPassing: 0,
    isLoading: false,
  }));
}

export function changeFilter(store: FilterStore, changes: Partial<Filter>): void {
  store.setState({ filter: { ...store.getState().filter, ...changes } });
}

/** Images without a label drawn alone, by how sure the model is, by what it takes them for, or both; null: all again. */
export function showAlone(store: FilterStore, change: Partial<ShownAlone>): void {
  const filter = withShownAlone(store.getState().filter, change);
  const { step, classId } = shownAlone(filter);
  store.setState({ filter, hidesRest: step !== null || classId !== null });
}

/** The indexes that pass. */
export function onlyPassing(store: FilterStore, indexes: Uint32Array): Uint32Array {
  const { mask } = store.getState();
  return mask ? indexes.filter((index) => mask[index] !== 1) : indexes;
}
