/** What is open on the Label screen: dialogs, the image page, the field for a new class. */
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ScreenState {
  /** Index of the image shown large; null when none is. */
  readonly openImage: number | null;
  /** The images of the selection's grid in the order that it shows; empty without a grid. */
  readonly gridOrder: Uint32Array;
  readonly hovered: number | null;
  /** The image that the arrow keys moved to on a map. */
  readonly focused: number | null;
  /** Images inside the outline while it is drawn. */
  readonly drawnCount: number | null;
  readonly isHelpOpen: boolean;
  /** Grows by one each time the field for a new class should take the focus. */
  readonly addClassRequest: number;
  /** The last label given, until the next selection. */
  readonly lastLabel: { readonly classId: number | null; readonly count: number } | null;
  /** The label that waits for a look at the guard; its class, or null to take labels away. */
  readonly pendingLabel: { readonly classId: number | null } | null;
  /** Grows by one each time the field that finds a class should take the focus. */
  readonly findClassRequest: number;
  readonly isFilterOpen: boolean;
  /** Files were dropped or picked and wait in the import dialog. */
  readonly isImportOpen: boolean;
  /** Asks whether the selected images are to be removed from the project. */
  readonly isRemoveOpen: boolean;
}

export type ScreenStore = StoreApi<ScreenState>;

export function createScreenStore(): ScreenStore {
  return createStore<ScreenState>(() => ({
    openImage: null,
    gridOrder: new Uint32Array(),
    hovered: null,
    focused: null,
    drawnCount: null,
    isHelpOpen: false,
    addClassRequest: 0,
    lastLabel: null,
    pendingLabel: null,
    findClassRequest: 0,
    isFilterOpen: false,
    isImportOpen: false,
    isRemoveOpen: false,
  }));
}
