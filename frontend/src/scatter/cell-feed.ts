/** Brings the 64 px cells of what is in view: looks at the scene, touches what is resident, asks for what is missing. */

import { CellPager } from "./cell-pager";
import { bytesOfLargeCell, type CellStore } from "./cell-store";
import {
  CELL_NEEDS_MS,
  CELL_RETRY_MS,
  MAX_CELL_RETRY_MS,
  MAX_CELLS_PER_REQUEST,
  MAX_REQUESTS_IN_FLIGHT,
} from "./defaults";
import { neededCells, type Scene } from "./scene";
import type { RequestCells } from "./types";

export interface CellFeedOptions {
  readonly request: RequestCells | undefined;
  readonly onCells: (indexes: readonly number[], cells: Uint8Array) => void;
  readonly onError: (error: Error) => void;
}

export class CellFeed {
  private readonly pager: CellPager | null;
  private isStale = true;
  private lookedAtMs = -Infinity;

  constructor({ request, onCells, onError }: CellFeedOptions) {
    this.pager = request
      ? new CellPager({
          request,
          bytesPerCell: bytesOfLargeCell,
          maxBatch: MAX_CELLS_PER_REQUEST,
          maxInFlight: MAX_REQUESTS_IN_FLIGHT,
          retryMs: CELL_RETRY_MS,
          maxRetryMs: MAX_CELL_RETRY_MS,
          onCells,
          onError,
        })
      : null;
  }

  /** True while needs were not looked at since the last change, or requests are under way. */
  get isBusy(): boolean {
    return this.pager !== null && (this.isStale || this.pager.isBusy);
  }

  get isWaiting(): boolean {
    return this.pager !== null && this.isStale;
  }

  /** The view changed. */
  markStale(): void {
    this.isStale = true;
  }

  /** Called after each frame; `marked`: items drawn large, wanted first. */
  update(scene: Scene, cells: CellStore, marked: readonly number[], nowMs: number): void {
    if (!this.pager || !this.isStale || nowMs - this.lookedAtMs < CELL_NEEDS_MS) return;
    this.isStale = false;
    this.lookedAtMs = nowMs;
    const needed = neededCells(scene, cells.lru.capacity);
    const wanted = [...marked, ...needed.filter((item) => !marked.includes(item))];
    cells.lru.need(wanted);
    this.pager.want(wanted.filter((item) => !cells.lru.has(item)));
  }

  /** Forget all needs: other items. */
  reset(): void {
    this.pager?.want([]);
    this.isStale = true;
  }

  dispose(): void {
    this.pager?.dispose();
  }
}
