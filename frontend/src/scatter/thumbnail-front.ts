/**
 * How far thumbnails have come out: items with a declutter code below `value` are thumbnails. The value follows its
 * goal over a moment, so that pictures grow and shrink instead of popping.
 */
import { codeAtZoom } from "./declutter";
import { GROW_MS, THUMBNAIL_SPACING } from "./defaults";
import { ALL_THUMBNAILS } from "./scene";
import type { ThumbnailMode } from "./types";

/** Nearer to the goal than this has arrived. */
const SMALLEST_STEP = 0.02;

export class ThumbnailFront {
  value = 0;
  mode: ThumbnailMode = "auto";
  /** World length of declutter code 0. */
  extent = 1;

  /** Where the front is to be, at a zoom and thumbnail size. */
  goalAt(zoom: number, thumbnailPx: number): number {
    if (this.mode === "dots") return 0;
    if (this.mode === "thumbnails") return ALL_THUMBNAILS;
    return codeAtZoom(zoom, this.extent, thumbnailPx * THUMBNAIL_SPACING) + 1;
  }

  /** At the goal without a move: nothing was out before that could grow from there. */
  jumpTo(goal: number): void {
    this.value = goal;
  }

  /** Moves towards the goal; true when it moved. */
  step(goal: number, elapsedMs: number): boolean {
    const left = (goal - this.value) * Math.exp(-elapsedMs / GROW_MS);
    const next = Math.abs(left) < SMALLEST_STEP ? goal : goal - left;
    const isMoving = next !== this.value;
    this.value = next;
    return isMoving;
  }
}
