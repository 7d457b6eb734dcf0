/**
 * Public types of the map renderer. N: number of items. An item is a picture with a place; the renderer knows its
 * index, its shape and one colour number, and nothing of what a colour stands for.
 *
 * World coordinates are those of the layout: x to the right, y up. Screen coordinates are CSS pixels from the
 * container's top left corner, y down. Boxes are unit xyxy edges of the whole picture, y down.
 */

/** xyxy edges, `x1 < x2`, `y1 < y2`. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** World point at the middle of the view, and CSS pixels per world unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export type SelectionCombine = "replace" | "add" | "subtract" | "intersect";
export type DragMode = "lasso" | "box" | "pan";
export type ThumbnailMode = "auto" | "dots" | "thumbnails";
export type SelectGestureKind = "click" | "lasso" | "box" | "keyboard";

/** How a selection was made, for the record. */
export interface SelectGesture {
  readonly kind: SelectGestureKind;
  /** World coordinates x0, y0, x1, y1, ...; null for click and keyboard. */
  readonly polygon: Float32Array | null;
}

/** Fetches cells of 64 px, concatenated in the order asked for; at most `MAX_CELLS_PER_REQUEST` indexes. */
export type RequestCells = (indexes: number[], signal: AbortSignal) => Promise<ArrayBuffer>;

/** Fetches one picture, squashed to 256 x 256 px. */
export type RequestPicture = (index: number, signal: AbortSignal) => Promise<ImageBitmap>;

export interface ScatterCallbacks {
  /** The indexes under the gesture (ascending), and how the owner is to combine them with its selection. */
  onSelect?: (indexes: Uint32Array, combine: SelectionCombine, gesture: SelectGesture) => void;
  onHover?: (index: number | null) => void;
  /** The item that the arrow keys moved to; null when the focus is dropped. */
  onFocus?: (index: number | null) => void;
  onCamera?: (camera: Camera) => void;
  /** Items inside the outline while it is drawn; null when the gesture is over. */
  onCount?: (count: number | null) => void;
  /** Twice on a picture. On a dot, on the ground or with a key held it selects the dense cloud around instead. */
  onDoubleClick?: (index: number) => void;
  /** A failed request for cells, a shader that does not build after a lost context, a worker that failed. */
  onError?: (error: Error) => void;
  requestCells?: RequestCells;
  requestPicture?: RequestPicture;
}

export interface ScatterOptions extends ScatterCallbacks {
  readonly container: HTMLElement;
  /** What a screen reader says of the map. */
  readonly label?: string;
  readonly mode?: DragMode;
  readonly theme?: ScatterTheme;
  /** GPU bytes for the 64 px cells. Default `CELL_CACHE_BYTES`. */
  readonly cellCacheBytes?: number;
  /** Side of a texture layer in pixels, a multiple of 64. Default 1024; smaller in tests. */
  readonly layerPx?: number;
  /** Use the fallback decoder even where the device reads BC1. For tests. */
  readonly forceRgbaCells?: boolean;
  /** Keep the drawn pixels readable after a frame (screenshots, tests). */
  readonly preserveDrawingBuffer?: boolean;
  /** A smallest crop and a border around it; defaults in `defaults.ts`. */
  readonly crop?: Partial<CropRule>;
}

export interface CropRule {
  /** Smallest half width and half height of a crop, unit coordinates. */
  readonly minHalf: number;
  /** Border added on each side, as a share of the box's own side. */
  readonly contextFrac: number;
}

/** Colours as CSS `#rrggbb`. */
export interface ScatterTheme {
  readonly background: string;
  /** Ring of selected items. */
  readonly accent: string;
  /** Hairline around pictures that have no colour of their own; also the hover ring. */
  readonly outline: string;
}

/** The drawn items. Arrays are read when passed, not kept alive by reference. */
export interface ScatterData {
  readonly numItems: number;
  /** (2N) x, y; NaN for an item that has no place yet (it is not drawn). */
  readonly positionsA: Float32Array;
  /** (2N), the second layout; the first one again where it is missing. */
  readonly positionsB?: Float32Array | null;
  /** (N) round(64 * log2(width / height)) + 128. Square where missing. */
  readonly aspect?: Uint8Array | null;
  /** (128 N) BC1 cells of 16 px; may come later through `setCells16`. */
  readonly cells16?: Uint8Array | null;
}

export interface AnimateOptions {
  readonly animate?: boolean;
}

/** What was drawn for one item. */
export interface DebugRectangle {
  readonly index: number;
  /** CSS pixels in the container. */
  readonly rectangle: Box;
  /** Exact box of the profile at the retention in force; the whole picture where there is no profile. */
  readonly salientBox: Box;
  /** Part of the picture that is drawn: the salient box with border and smallest size. */
  readonly cropBox: Box;
  readonly kind: "hidden" | "dot" | "thumbnail";
  /** Pixel side of the cells used. */
  readonly cellPx: 0 | 16 | 64 | 256;
}

/** What is drawn on top, or with a ring. */
export interface DebugMarks {
  readonly hovered: number | null;
  readonly focused: number | null;
  /** Ascending. */
  readonly selected: Uint32Array;
  /** (N) palette entries. */
  readonly colours: Uint8Array;
}

export interface ScatterCounters {
  /** Frames drawn. */
  readonly draws: number;
  /** Bytes sent to the GPU since the start, buffers and textures. */
  readonly bytesUploaded: number;
  /** JavaScript time of the last frame, in milliseconds. */
  readonly frameMs: number;
  /** GPU bytes held by textures, buffers and the drawing buffer. */
  readonly gpuBytes: number;
  readonly cells64Resident: number;
  readonly pictures256Resident: number;
  /** True while an animation, a request for cells or a worker is under way. */
  readonly isBusy: boolean;
}

/** The methods of `ScatterMap`. Every `set` redraws on the next frame; arrays of a wrong length raise. */
export interface ScatterMapMethods {
  /** Replaces all items; keeps the camera (call `fit`). Selection, colours and dimming are cleared. */
  setData(data: ScatterData): void;
  /** Adds items at the end; nothing else moves. `numItems` and the arrays are of the new items alone. */
  appendItems(data: ScatterData): void;
  /** BC1 cells of 16 px for items `start` and on (128 bytes each). */
  setCells16(start: number, cells: Uint8Array): void;
  /** New layouts of the same items, eased from where they are now. */
  setPositions(positionsA: Float32Array, positionsB: Float32Array | null, options?: AnimateOptions): void;
  /** 0 = layout A, 1 = layout B. */
  setLayoutMix(target: number, options?: AnimateOptions): void;
  /** (N * (width + height)) codes; null: no profiles, whole pictures. */
  setProfiles(codes: Uint8Array | null, height: number, width: number): void;
  /** One retention for all, `MIN_RETENTION`..1; 1 shows the whole picture. */
  setRetention(retention: number): void;
  /** (N) retention of each item as round(255 * r), 0 = the common one, 255 = whole; null: the common one for all. */
  setCropRates(rates: Uint8Array | null): void;
  /** True: whole pictures, whatever the retention. */
  setWholeMode(isWhole: boolean, options?: AnimateOptions): void;
  /** (N) palette entry of each item. */
  setColours(colours: Uint8Array): void;
  /** (1024) RGBA of 256 entries; alpha is the strength of the border around a picture. */
  setPalette(rgba: Uint8Array): void;
  /** (N) 0 or 1, or the indexes of the selected items. */
  setSelection(selection: Uint8Array | Uint32Array): void;
  /** (N) 1 = faded and not selectable; null: none. */
  setDimmed(dimmed: Uint8Array | null): void;
  /** (N) 1 = not drawn at all; null: none. */
  setHidden(hidden: Uint8Array | null): void;
  /** (N) larger numbers keep their thumbnail longer when zooming out; null: all the same. */
  setPriorities(priorities: Uint8Array | null): void;
  /** Hover from outside (another map, a grid); does not call `onHover`. */
  setHover(index: number | null): void;
  setFocus(index: number | null): void;
  setMode(mode: DragMode): void;
  setThumbnailMode(mode: ThumbnailMode): void;
  /** Long side of a thumbnail in CSS pixels. */
  setSize(thumbnailPx: number): void;
  setTheme(theme: ScatterTheme): void;
  getCamera(): Camera;
  setCamera(camera: Camera, options?: AnimateOptions): void;
  /** Shows all items, or those of `indexes`. */
  fit(options?: AnimateOptions & { readonly indexes?: ArrayLike<number> }): void;
  /** Zooms about the middle of the view. */
  zoomBy(factor: number, options?: AnimateOptions): void;
  /** The items of `indexes` and every one that can be selected within a distance of them, ascending. */
  grown(indexes: Uint32Array, byPx: number): Uint32Array;
  /** True when the picture or dot of an item that is drawn has its centre in the view, or less than `marginPx` outside. */
  hasItemInView(marginPx: number): boolean;
  debugRectangles(indexes: ArrayLike<number>): DebugRectangle[];
  debugMarks(): DebugMarks;
  readonly counters: ScatterCounters;
  dispose(): void;
}
