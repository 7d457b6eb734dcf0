/** Times of the map's work on the CPU, in milliseconds (medians), and bytes sent while the crop slider moves. */
import type { ScatterMap } from "../../src/scatter";
import { heapMb, median, nextFrame, timeFrames } from "./frames";
import type { Generated } from "./generated";

/** The same numbers for every renderer; null where it has no such thing. */
export interface Measurements {
  readonly num_items: number;
  readonly js_ms_pan: number;
  readonly js_ms_slider: number | null;
  readonly frame_ms_software: number;
  readonly slider_bytes: number | null;
  readonly pan_bytes: number | null;
  readonly lasso_ms: number | null;
  readonly pick_ms: number | null;
  /** All items as dots. */
  readonly first_dots_s: number | null;
  readonly first_picture_s: number;
  readonly gpu_budget_mb: number | null;
  readonly heap_mb: number | null;
}

const MB = 1024 * 1024;
const NUM_GESTURES = 9;
/** A scene that is too slow for all gestures is measured for this long, and three at least. */
const LONGEST_MS = 15_000;
const FEWEST_GESTURES = 3;

export interface PageTimes {
  /** Time at which the map last called `onSelect`. */
  readonly selectedAtMs: () => number;
  readonly firstDotsS: Promise<number>;
  readonly firstPictureS: Promise<number>;
}

export async function measure(
  map: ScatterMap,
  data: Generated,
  { selectedAtMs, firstDotsS, firstPictureS }: PageTimes,
): Promise<Measurements> {
  const firstS = await firstPictureS;
  const camera = map.getCamera();
  const sent = () => map.counters.bytesUploaded;
  const before = sent();
  const pan = await timeFrames((frame) =>
    map.setCamera({ ...camera, x: camera.x + (20 * Math.sin(frame)) / camera.zoom }),
  );
  await quiet(map);
  const panned = sent();
  const slider = await timeFrames((_, share) => map.setRetention(0.5 + 0.49 * share));
  const slid = sent();
  return {
    num_items: data.numItems,
    js_ms_pan: pan.jsMs,
    js_ms_slider: slider.jsMs,
    frame_ms_software: pan.frameMs,
    slider_bytes: slid - panned,
    pan_bytes: panned - before,
    lasso_ms: await gestureMs(map, lasso, selectedAtMs),
    pick_ms: await gestureMs(map, click, selectedAtMs),
    first_dots_s: await firstDotsS,
    first_picture_s: firstS,
    gpu_budget_mb: map.counters.gpuBytes / MB,
    heap_mb: heapMb(),
  };
}

/** Waits until nothing is under way. */
export async function quiet(map: ScatterMap): Promise<void> {
  do await nextFrame();
  while (map.counters.isBusy);
}

/** Median time from the event that ends a gesture to the selection handed over. */
async function gestureMs(
  map: ScatterMap,
  gesture: (canvas: HTMLCanvasElement) => number,
  selectedAtMs: () => number,
): Promise<number> {
  const canvas = document.querySelector("canvas") as HTMLCanvasElement;
  const times: number[] = [];
  const endMs = performance.now() + LONGEST_MS;
  for (let k = 0; k < NUM_GESTURES && (k < FEWEST_GESTURES || performance.now() < endMs); k++) {
    const startMs = gesture(canvas);
    times.push(selectedAtMs() - startMs);
    await quiet(map);
  }
  return median(times);
}

/** A lasso of 200 points around most of the map; returns when it was released. */
function lasso(canvas: HTMLCanvasElement): number {
  const { width, height } = canvas.getBoundingClientRect();
  const at = (k: number) => {
    const angle = (k / 200) * 2 * Math.PI;
    const reach = 0.42 + 0.05 * Math.sin(9 * angle);
    return [width * (0.5 + reach * Math.cos(angle)), height * (0.5 + reach * Math.sin(angle))] as const;
  };
  send(canvas, "pointerdown", ...at(0));
  for (let k = 1; k < 200; k++) send(canvas, "pointermove", ...at(k));
  const start = performance.now();
  send(canvas, "pointerup", ...at(199));
  return start;
}

function click(canvas: HTMLCanvasElement): number {
  const { width, height } = canvas.getBoundingClientRect();
  const x = width * (0.3 + 0.4 * Math.random());
  send(canvas, "pointerdown", x, height / 2);
  const start = performance.now();
  send(canvas, "pointerup", x, height / 2);
  return start;
}

function send(canvas: HTMLCanvasElement, type: string, clientX: number, clientY: number): void {
  canvas.dispatchEvent(
    new PointerEvent(type, {
      clientX,
      clientY,
      pointerId: 1,
      button: 0,
      pointerType: "mouse",
      bubbles: true,
    }),
  );
}
