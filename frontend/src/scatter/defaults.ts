/** Named defaults of the map, with units. */
import type { CropRule, ScatterTheme } from "./types";

export const DEFAULT_RETENTION = 0.95;
export const MIN_RETENTION = 0.5;
export const CROP_RULE: CropRule = { minHalf: 0.04, contextFrac: 0.06 };

export const THUMBNAIL_PX = 42;
export const MIN_THUMBNAIL_PX = 8;
export const MAX_THUMBNAIL_PX = 256;
/** Least distance of neighbours as a multiple of the thumbnail's side: below 1 they may overlap, so that a map is one of pictures. */
export const THUMBNAIL_SPACING = 0.55;
export const DOT_RADIUS_PX = 4;
export const MIN_DOT_RADIUS_PX = 1.5;
/** Dots shrink with the number of items above this one. */
export const DOTS_FULL_SIZE = 4000;
export const HOVER_SCALE = 1.6;
/** A hovered picture is at least this large, so that a dot shows what it is. */
export const HOVER_MIN_PX = 96;
/** Slack around a dot for the pointer, CSS pixels. */
export const PICK_SLACK_PX = 3;
/** A double click on the ground takes the cloud of the nearest item, if one is as near as this. */
export const CLUSTER_REACH_PX = 80;

export const LAYOUT_MS = 700;
export const CAMERA_MS = 350;
export const CROP_MS = 250;
/** Time in which growing thumbnails cover 63 % of what is missing. */
export const GROW_MS = 70;
export const MAX_PIXEL_RATIO = 2;

export const LAYER_PX = 1024;
export const CELL_CACHE_BYTES = 32 * 1024 * 1024;
export const MAX_CELLS_PER_REQUEST = 256;
export const MAX_REQUESTS_IN_FLIGHT = 3;
export const CELL_RETRY_MS = 1000;
export const MAX_CELL_RETRY_MS = 30_000;
/** Pause between two looks at which cells are in view while the camera moves. */
export const CELL_NEEDS_MS = 100;

/** Side of the data textures, in texels: every WebGL2 device takes 2048. */
export const DATA_TEXTURE_WIDTH = 2048;
/** Above this many items the declutter levels are computed in a worker. */
export const WORKER_MIN_ITEMS = 2000;

/** Free space around the content after `fit`, CSS pixels. */
export const FIT_PADDING_PX = 40;
export const ZOOM_STEP = 1.4;
/** How far one can zoom out and in from the view that fits everything. */
export const MAX_ZOOM_OUT = 8;
export const MAX_ZOOM_IN = 10_000;

export const DARK_THEME: ScatterTheme = { background: "#15171b", accent: "#4dabf7", outline: "#8a919c" };
