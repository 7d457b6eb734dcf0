/** Selections under a name, to come back to. Private: they stay in this browser, for one person in one project. */
import { get, createStore as openTable, set } from "idb-keyval";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface SavedSelection {
  readonly name: string;
  /** Ascending. */
  readonly indexes: Uint32Array;
}

export interface SelectionStorage {
  read: () => Promise<SavedSelection[] | undefined>;
  write: (saved: SavedSelection[]) => Promise<void>;
}

export interface SavedSelections {
  readonly store: StoreApi<{ readonly saved: readonly SavedSelection[] }>;
  /** Keeps a selection; one of the same name is replaced. */
  save: (name: string, indexes: Uint32Array) => Promise<void>;
  forget: (name: string) => Promise<void>;
}

export const MAX_NAME_CHARS = 60;

export function openSavedSelections(storage: SelectionStorage): SavedSelections {
  const store = createStore<{ readonly saved: readonly SavedSelection[] }>(() => ({ saved: [] }));
  const ready = storage.read().then((saved) => store.setState({ saved: saved ?? [] }));
  const change = async (next: (saved: readonly SavedSelection[]) => SavedSelection[]) => {
    await ready;
    const saved = next(store.getState().saved);
    await storage.write(saved); // shown once it is kept
    store.setState({ saved });
  };
  return {
    store,
    save: (name, indexes) => {
      const named = name.trim().slice(0, MAX_NAME_CHARS);
      if (!named) throw new RangeError("A saved selection needs a name");
      const kept = { name: named, indexes: indexes.slice() };
      return change((saved) =>
        [...saved.filter((other) => other.name !== named), kept].sort((a, b) => a.name.localeCompare(b.name)),
      );
    },
    forget: (name) => change((saved) => saved.filter((other) => other.name !== name)),
  };
}

/** IndexedDB: a selection of a large project is too much for `localStorage`. */
export function selectionStorage(projectId: number, userId: number): SelectionStorage {
  const table = openTable("labeler-selections", "saved");
  const key = `${userId}.${projectId}`;
  return {
    read: () => get<SavedSelection[]>(key, table),
    write: (saved) => set(key, saved, table),
  };
}
