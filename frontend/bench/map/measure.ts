/** Times of the map's work on the CPU, in milliseconds (medians), and bytes sent while the crop slider moves. */
import type { ScatterMap } from "../../src/scatter";
import type { Generated } from "./generated";

export interface Measurements {
  readonly numItems: number;
  readonly js_ms_pan: number;
  readonly js_ms_slider: number;
  readonly frame_ms_software: number;
  readonly slider_bytes: number;
  readonly pan_bytes: number;
  readonly lasso_ms: number;
  readonly pick_ms: number;
  readonly gpu_mb: number;
  readonly heap_mb: number | null;
}

const NUM_FRAMES = 30;
const MB = 1024 * 1024;

/** @param selectedAtMs time at which the map last called `onSelect`. */
export async function measure(
  map: ScatterMap,
  data: Generated,
  selectedAtMs: () => number,
): Promise<Measurements> {
  await quiet(map);
  const camera = map.getCamera();
  const pan = await frames(map, (k) => map.setCamera({ ...camera, x: camera.x + Math.sin(k) / camera.zoom }));
  await quiet(map);
  const slider = await frames(map, (k) => map.setRetention(0.5 + (0.49 * k) / NUM_FRAMES));
  const memory = (performance as { memory?: { usedJSHeapSize: number } }).memory;
  return {
    numItems: data.numItems,
    js_ms_pan: pan.jsMs,
    js_ms_slider: slider.jsMs,
    frame_ms_software: pan.frameMs,
    slider_bytes: slider.bytes,
    pan_bytes: pan.bytes,
    lasso_ms: await gestureMs(map, lasso, selectedAtMs),
    pick_ms: await gestureMs(map, click, selectedAtMs),
    gpu_mb: map.counters.gpuBytes / MB,
    heap_mb: memory ? memory.usedJSHeapSize / MB : null,
  };
}

/** Waits until nothing is under way. */
export async function quiet(map: ScatterMap): Promise<void> {
  do await nextFrame();
  while (map.counters.isBusy);
}

async function frames(map: ScatterMap, change: (k: number) => void) {
  const js: number[] = [];
  const between: number[] = [];
  const bytes = map.counters.bytesUploaded;
  let last = performance.now();
  for (let k = 0; k < NUM_FRAMES; k++) {
    change(k);
    await nextFrame();
    await nextFrame();
    js.push(map.counters.frameMs);
    between.push((performance.now() - last) / 2);
    last = performance.now();
  }
  return { jsMs: median(js), frameMs: median(between), bytes: map.counters.bytesUploaded - bytes };
}

/** Median time from the event that ends a gesture to the selection handed over. */
async function gestureMs(
  map: ScatterMap,
  gesture: (canvas: HTMLCanvasElement) => number,
  selectedAtMs: () => number,
): Promise<number> {
  const canvas = document.querySelector("canvas") as HTMLCanvasElement;
  const times: number[] = [];
  for (let k = 0; k < 9; k++) {
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

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
