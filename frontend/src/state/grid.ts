/** How the selection's grid looks; kept in this browser for all projects. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { SORTS, type SortBy } from "../lib/selection-order";
import type { TextStorage } from "./view";

export type TileSize = "small" | "medium" | "large" | "huge";
/** map: as the map shows it. */
export type TileShow = "map" | "whole" | "crop" | "both";

export const TILE_PX: Readonly<Record<TileSize, number>> = { small: 52, medium: 78, large: 124, huge: 220 };
export const TILE_SIZES = Object.keys(TILE_PX) as TileSize[];
export const TILE_SHOWS: readonly TileShow[] = ["map", "whole", "crop", "both"];

export interface GridState {
  readonly sortBy: SortBy;
  readonly tileSize: TileSize;
  readonly show: TileShow;
  /** The panel takes half of the window. */
  readonly isWide: boolean;
}

export type GridStore = StoreApi<GridState>;

const KEY = "labeler.grid";
const DEFAULT: GridState = { sortBy: "odd", tileSize: "medium", show: "map", isWide: false };

/** Whatever was stored, made valid. */
export function readGrid(text: string | null): GridState {
  if (text === null) return DEFAULT;
  try {
    const stored = JSON.parse(text) as Partial<GridState>;
    return {
      sortBy: SORTS.find(({ value }) => value === stored.sortBy)?.value ?? DEFAULT.sortBy,
      tileSize: TILE_SIZES.find((size) => size === stored.tileSize) ?? DEFAULT.tileSize,
      show: TILE_SHOWS.find((show) => show === stored.show) ?? DEFAULT.show,
      isWide: stored.isWide === true,
    };
  } catch {
    return DEFAULT; // written by another version
  }
}

export function createGridStore(storage: TextStorage): GridStore {
  const store = createStore<GridState>(() => readGrid(storage.getItem(KEY)));
  store.subscribe((state) => storage.setItem(KEY, JSON.stringify(state)));
  return store;
}
