/**
 * The map alone, on generated items: `?n=1000&seed=7&theme=light&layer=256&cache=<bytes>&rgba=1&cells=none`. With
 * `late` the small cells come after the first frame, as they do in the application. Tests and measurements reach it through
 * `window.mapPage`.
 */
import { combineSelection, ScatterMap, type ScatterOptions, type SelectGesture } from "../../src/scatter";
import { meterFrames, nextFrame } from "./frames";
import { type Generated, generate, largeCells, NUM_CLUSTERS, PROFILE_CELLS } from "./generated";
import { type Measurements, measure, quiet } from "./measure";

interface MapPage {
  readonly map: ScatterMap;
  readonly data: Generated;
  readonly events: unknown[];
  selection: Uint8Array;
  /** When the last selection was handed over. */
  selectedAtMs: number;
  readonly requests: number[];
  measure: () => Promise<Measurements>;
}

declare global {
  interface Window {
    mapPage: MapPage;
  }
}

const THEMES = {
  dark: { background: "#15171b", accent: "#4dabf7", outline: "#8a919c" },
  light: { background: "#f6f7f9", accent: "#1971c2", outline: "#9aa1ab" },
};

meterFrames();
const query = new URLSearchParams(window.location.search);
const theme = query.get("theme") === "light" ? THEMES.light : THEMES.dark;
const startMs = performance.now();
const data = generate(Number(query.get("n") ?? 1000), Number(query.get("seed") ?? 7));
/** Reading the page and its code counts, making the pictures up does not. */
const generateMs = performance.now() - startMs;
const container = document.getElementById("map") as HTMLElement;
document.body.style.background = theme.background;

const events: unknown[] = [];
const requests: number[] = [];
const page = { selection: new Uint8Array(data.numItems), selectedAtMs: 0 };
const options: ScatterOptions = {
  container,
  theme,
  preserveDrawingBuffer: query.get("preserve") !== "0",
  forceRgbaCells: query.has("rgba"),
  layerPx: Number(query.get("layer") ?? 1024),
  cellCacheBytes: Number(query.get("cache") ?? 32 * 1024 * 1024),
  onSelect: (indexes, combine, gesture: SelectGesture) => {
    page.selectedAtMs = performance.now();
    events.push({ type: "select", indexes: [...indexes], combine, kind: gesture.kind });
    page.selection = new Uint8Array(combineSelection(page.selection, indexes, combine));
    map.setSelection(page.selection);
    status(`${page.selection.reduce((sum, flag) => sum + flag, 0)} selected`);
  },
  onHover: (index) => events.push({ type: "hover", index }),
  onFocus: (index) => events.push({ type: "focus", index }),
  onCount: (count) => {
    events.push({ type: "count", count });
    if (count !== null) status(`${count} inside`);
  },
  onDoubleClick: (index) => events.push({ type: "doubleClick", index }),
  onError: (error) => {
    events.push({ type: "error", message: error.message });
    status(error.message);
  },
  ...(query.get("cells") === "none" ? {} : { requestCells }),
  ...(query.has("pictures") ? { requestPicture } : {}),
};

const map = new ScatterMap(options);
const comesLate = query.has("late");
map.setData(comesLate ? { ...data, cells16: null } : data);
map.setProfiles(data.profiles, PROFILE_CELLS, PROFILE_CELLS);
map.setPalette(palette());
map.setColours(data.clusters.map((cluster, item) => (item % 3 === 0 ? cluster + 1 : 0)));
map.fit({ animate: false });
const sinceStartS = () => (performance.now() - generateMs) / 1000;
const firstDotsS = nextFrame().then(nextFrame).then(sinceStartS);
const firstPictureS = firstDotsS
  .then(() => comesLate && map.setCells16(0, data.cells16))
  .then(() => quiet(map))
  .then(sinceStartS);

window.mapPage = Object.assign(page, {
  map,
  data,
  events,
  requests,
  measure: () => measure(map, data, { selectedAtMs: () => page.selectedAtMs, firstDotsS, firstPictureS }),
});

async function requestCells(indexes: number[]): Promise<ArrayBuffer> {
  requests.push(indexes.length);
  return largeCells(data, indexes);
}

/** A picture that no cell looks like: yellow, with the item's number of black lines. */
async function requestPicture(index: number): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(256, 256);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no 2D canvas");
  context.fillStyle = "#ffe000";
  context.fillRect(0, 0, 256, 256);
  context.fillStyle = "#000";
  for (let line = 0; line < index % 8; line++) context.fillRect(0, 16 + 30 * line, 256, 8);
  return createImageBitmap(canvas);
}

/** Entry 0: no colour; then one for each cluster. */
function palette(): Uint8Array {
  const rgba = new Uint8Array(1024);
  rgba.set(query.get("theme") === "light" ? [150, 156, 166, 0] : [122, 130, 142, 0]);
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  for (let k = 0; context && k < NUM_CLUSTERS; k++) {
    context.fillStyle = `hsl(${(k * 360) / NUM_CLUSTERS} 75% 58%)`;
    context.fillRect(0, 0, 1, 1);
    rgba.set(context.getImageData(0, 0, 1, 1).data, 4 * (k + 1));
  }
  return rgba;
}

function status(text: string): void {
  const element = document.getElementById("status");
  if (element) element.textContent = text;
}
