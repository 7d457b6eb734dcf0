/** How one person looks at a project's map. Kept per project in this browser, never shared. */
import { createStore, type StoreApi } from "zustand/vanilla";

export type Layout = "whole" | "crop";
export const COLOURINGS = [
  "label",
  "prediction",
  "confidence",
  "probability",
  "disagreement",
  "annotator",
  "agreement",
  "age",
] as const;
export type ColourBy = (typeof COLOURINGS)[number];
export type Display = "auto" | "dots" | "thumbnails";
export type DragMode = "lasso" | "box" | "pan";

export const MIN_RETENTION = 0.5;
export const MAX_RETENTION = 0.99;
/** Slider position of "whole image"; the crop itself is then none at all. */
export const WHOLE_IMAGE = 1;
export const MIN_SIZE_PX = 16;
export const MAX_SIZE_PX = 120;
/** Bounds of the size that is chosen for a person who has not set one. */
const SMALLEST_AUTO_PX = 28;
const LARGEST_AUTO_PX = 96;
export const SIZE_STEP_PX = 8;
export const RETENTION_STEP = 0.05;

export interface ViewState {
  /** The layout that is shown; with both side by side, the one last touched. */
  readonly layout: Layout;
  /** Both layouts side by side, where the project has both. */
  readonly isSplit: boolean;
  /** Side by side, both maps move together. */
  readonly isLinked: boolean;
  /** Retention in force for each layout, in [0.5, 0.99], or 1 for whole images. */
  readonly retentions: Readonly<Record<Layout, number>>;
  /** The crop map shows each image at its own crop rate; the slider takes over when it is moved. */
  readonly followsRates: boolean;
  readonly colourBy: ColourBy;
  /** The class whose probability colours the map. */
  readonly colourClassId: number | null;
  readonly display: Display;
  /** Long side of a thumbnail; null: by the number of images. */
  readonly sizePx: number | null;
  readonly dragMode: DragMode;
}

export type ViewStore = StoreApi<ViewState>;

/** Crops start at the project's own retention, the whole map with whole images. */
export function defaultView(retention: number): ViewState {
  return {
    layout: "whole",
    isSplit: false,
    isLinked: true,
    retentions: { whole: WHOLE_IMAGE, crop: clampRetention(retention) },
    followsRates: true,
    colourBy: "label",
    colourClassId: null,
    display: "auto",
    sizePx: null,
    dragMode: "lasso",
  };
}

export function clampRetention(value: number): number {
  if (value > MAX_RETENTION) return WHOLE_IMAGE;
  return Math.max(MIN_RETENTION, value);
}

/**
 * A few images are shown large, thousands small: 86 px at 16 images, 42 at 600, 28 from 5,000 on, in a window of 1280 x
 * 800. A larger window shows both more of them and larger ones: on four times the area they are 1.4 times as large.
 */
export function autoSizePx(numImages: number, window: { width: number; height: number }): number {
  const sizePx = 150 * Math.max(1, numImages) ** -0.2;
  const scale = Math.max(1, (window.width * window.height) / (1280 * 800)) ** 0.25;
  const shownPx = scale * Math.min(LARGEST_AUTO_PX, Math.max(SMALLEST_AUTO_PX, sizePx));
  return Math.min(MAX_SIZE_PX, Math.round(shownPx));
}

/** One step tighter or looser. From whole images the first step goes to the loosest crop. */
export function stepRetention(retention: number, step: number): number {
  if (retention === WHOLE_IMAGE) return step < 0 ? MAX_RETENTION : WHOLE_IMAGE;
  return clampRetention(Math.round((retention + step) * 100) / 100);
}

/** Whatever was stored, made valid: unknown fields go, wrong values fall back. */
export function readView(text: string | null, fallback: ViewState): ViewState {
  if (text === null) return fallback;
  let stored: Partial<ViewState>;
  try {
    stored = JSON.parse(text) as Partial<ViewState>;
  } catch {
    return fallback; // written by another version
  }
  const oneOf = <T>(value: T | undefined, allowed: readonly T[], other: T) =>
    value !== undefined && allowed.includes(value) ? value : other;
  const number = <T>(value: unknown, low: number, high: number, other: T) =>
    typeof value === "number" && value >= low && value <= high ? value : other;
  return {
    layout: oneOf(stored.layout, ["whole", "crop"], fallback.layout),
    isSplit: oneOf(stored.isSplit, [true, false], fallback.isSplit),
    isLinked: oneOf(stored.isLinked, [true, false], fallback.isLinked),
    retentions: {
      whole: clampRetention(number(stored.retentions?.whole, MIN_RETENTION, 1, fallback.retentions.whole)),
      crop: clampRetention(number(stored.retentions?.crop, MIN_RETENTION, 1, fallback.retentions.crop)),
    },
    followsRates: oneOf(stored.followsRates, [true, false], fallback.followsRates),
    colourBy: oneOf(stored.colourBy, COLOURINGS, fallback.colourBy),
    colourClassId: number(stored.colourClassId, 1, Number.MAX_SAFE_INTEGER, fallback.colourClassId),
    display: oneOf(stored.display, ["auto", "dots", "thumbnails"], fallback.display),
    sizePx: number(stored.sizePx, MIN_SIZE_PX, MAX_SIZE_PX, fallback.sizePx),
    dragMode: oneOf(stored.dragMode, ["lasso", "box", "pan"], fallback.dragMode),
  };
}

export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export function createViewStore(projectId: number, retention: number, storage: TextStorage): ViewStore {
  const key = `labeler.view.${projectId}`;
  const store = createStore<ViewState>(() => readView(storage.getItem(key), defaultView(retention)));
  store.subscribe((state) => storage.setItem(key, JSON.stringify(state)));
  return store;
}

/** Set the retention of the layout that is shown. */
export function setRetention(store: ViewStore, retention: number): void {
  const { layout, retentions, followsRates } = store.getState();
  store.setState({
    retentions: { ...retentions, [layout]: clampRetention(retention) },
    followsRates: layout === "crop" ? false : followsRates,
  });
}

/** The next of a list, round and round. */
export function nextOf<T>(values: readonly T[], current: T): T {
  return values[(values.indexOf(current) + 1) % values.length];
}
