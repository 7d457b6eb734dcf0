/** One measurement for every peer; the numbers have the names that our own map's have. */
import { heapMb, median, meterFrames, nextFrame, timeFrames } from "../frames";
import type { Measurements } from "../measure";
import { buildScene, type PeerScene } from "./scene";

export interface Peer {
  /** Moves the scene by so many CSS pixels along x. */
  readonly pan: (dx: number) => void;
  /** Crops every picture at a retention. */
  readonly slide: (retention: number) => void;
  /** Finds what lies at a point; null: the library has nothing for so many items. */
  readonly pick: ((x: number, y: number) => unknown) | null;
}

declare global {
  interface Window {
    peerPage: { measure: () => Promise<Measurements> };
  }
}

export async function runPeer(
  start: (scene: PeerScene, container: HTMLElement) => Promise<Peer>,
): Promise<void> {
  meterFrames();
  const container = document.getElementById("map") as HTMLElement;
  const scene = buildScene(container);
  const peer = await start(scene, container);
  await nextFrame();
  await nextFrame();
  const firstPictureS = (performance.now() - scene.generateMs) / 1000;
  window.peerPage = {
    async measure() {
      const pan = await timeFrames((frame) => peer.pan(20 * Math.sin(frame)));
      const slider = await timeFrames((_, share) => peer.slide(0.5 + 0.49 * share));
      const picks: number[] = [];
      for (let k = 0; peer.pick && k < 9; k++) {
        const before = performance.now();
        peer.pick(container.clientWidth * (0.3 + 0.04 * k), container.clientHeight / 2);
        picks.push(performance.now() - before);
        await nextFrame();
      }
      return {
        num_items: scene.data.numItems,
        js_ms_pan: pan.jsMs,
        js_ms_slider: slider.jsMs,
        frame_ms_software: pan.frameMs,
        slider_bytes: null,
        pan_bytes: null,
        lasso_ms: null,
        pick_ms: picks.length > 0 ? median(picks) : null,
        first_dots_s: null,
        first_picture_s: firstPictureS,
        gpu_budget_mb: null,
        heap_mb: heapMb(),
      };
    },
  };
}
