/** Time of frames, the same way for every renderer: what runs in animation frames, and how often they come. */

export interface FrameTimes {
  /** JavaScript in the frame's callbacks and in the change before it, median, milliseconds. */
  readonly jsMs: number;
  /** From one frame to the next, median: with software rendering, what drawing costs. */
  readonly frameMs: number;
}

const NUM_FRAMES = 40;
/** A scene that is too slow for all frames is measured for this long. */
const LONGEST_MS = 8000;
let spentMs = 0;

/** Counts the time of all animation frame callbacks from now on. Call before a renderer is made. */
export function meterFrames(): void {
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((time) => {
      const start = performance.now();
      callback(time);
      spentMs += performance.now() - start;
    });
}

/** Changes the scene frame by frame. `change` gets the number of the frame and the share of the way, 0..1. */
export async function timeFrames(change: (frame: number, share: number) => void): Promise<FrameTimes> {
  const js: number[] = [];
  const between: number[] = [];
  const end = performance.now() + LONGEST_MS;
  await nextFrame();
  let last = performance.now();
  for (let frame = 0; frame < NUM_FRAMES && (performance.now() < end || frame < 5); frame++) {
    spentMs = 0;
    const start = performance.now();
    change(frame, frame / (NUM_FRAMES - 1));
    const changeMs = performance.now() - start;
    await nextFrame();
    await nextFrame();
    js.push(changeMs + spentMs);
    const now = performance.now();
    between.push((now - last) / 2);
    last = now;
  }
  return { jsMs: median(js), frameMs: median(between) };
}

export function heapMb(): number | null {
  (globalThis as { gc?: () => void }).gc?.();
  const { memory } = performance as { memory?: { usedJSHeapSize: number } };
  return memory ? memory.usedJSHeapSize / 1024 / 1024 : null;
}

/** A frame's end, not counted as work of the renderer. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
