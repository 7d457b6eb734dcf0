/** Where the map looks, as far as an address or a saved view is concerned. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Sight } from "../lib/sight";

export interface CameraState {
  /** Where a person has moved the map in hand to; null while it still shows all images by itself. */
  readonly shown: Sight | null;
  /** Where it is to go; a new object for every wish. "all" shows all images. */
  readonly asked: { readonly sight: Sight | "all" } | null;
}

export type CameraStore = StoreApi<CameraState>;

export function createCameraStore(): CameraStore {
  return createStore<CameraState>(() => ({ shown: null, asked: null }));
}
