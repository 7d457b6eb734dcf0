/**
 * Brings the larger cells of what is in view: looks at the scene, touches what is resident, asks for what is missing.
 * Cells of 64 px come many at a time, pictures of 256 px one by one.
 */
import { CellPager, checkBytes } from "./cell-pager";
import { bytesOfLargeCell, type CellStore } from "./cell-store";
import * as defaults from "./defaults";
import type { Mark } from "./renderer";
import { cropBoxOf, isTooSmall, neededCells, type Scene } from "./scene";
import type { RequestCells, RequestPicture } from "./types";

export interface CellFeedOptions {
  readonly requestCells: RequestCells | undefined;
  readonly requestPicture: RequestPicture | undefined;
  readonly onCells: (indexes: readonly number[], cells: Uint8Array) => void;
  readonly onPicture: (item: number, picture: ImageBitmap) => void;
  readonly onError: (error: Error) => void;
}

export class CellFeed {
  private readonly cells: CellPager<ArrayBuffer> | null;
  private readonly pictures: CellPager<ImageBitmap> | null;
  private isStale = true;
  private lookedAtMs = -Infinity;

  constructor({ requestCells, requestPicture, onCells, onPicture, onError }: CellFeedOptions) {
    const retry = { retryMs: defaults.CELL_RETRY_MS, maxRetryMs: defaults.MAX_CELL_RETRY_MS, onError };
    this.cells = requestCells
      ? new CellPager({
          ...retry,
          request: requestCells,
          check: checkBytes(bytesOfLargeCell),
          maxBatch: defaults.MAX_CELLS_PER_REQUEST,
          maxInFlight: defaults.MAX_REQUESTS_IN_FLIGHT,
          onCells: (indexes, cells) => onCells(indexes, new Uint8Array(cells)),
        })
      : null;
    this.pictures = requestPicture
      ? new CellPager({
          ...retry,
          request: ([index], signal) => requestPicture(index as number, signal),
          check: () => {},
          maxBatch: 1,
          maxInFlight: defaults.MAX_REQUESTS_IN_FLIGHT,
          onCells: ([index], picture) => {
            onPicture(index as number, picture);
            picture.close();
          },
        })
      : null;
  }

  /** True while needs were not looked at since the last change, or requests are under way. */
  get isBusy(): boolean {
    return this.isWaiting || this.cells?.isBusy === true || this.pictures?.isBusy === true;
  }

  get isWaiting(): boolean {
    return this.isStale && (this.cells !== null || this.pictures !== null);
  }

  /** The view changed. */
  markStale(): void {
    this.isStale = true;
  }

  /** Called after each frame; `marks`: items drawn large on top, wanted first. */
  update(scene: Scene, store: CellStore, marks: readonly Mark[], nowMs: number): void {
    if (!this.isWaiting || nowMs - this.lookedAtMs < defaults.CELL_NEEDS_MS) return;
    this.isStale = false;
    this.lookedAtMs = nowMs;
    const levels = [
      { cellPx: 16, pager: this.cells, lru: store.lru },
      { cellPx: 64, pager: this.pictures, lru: store.pictures.lru },
    ] as const;
    for (const { cellPx, pager, lru } of levels) {
      if (!pager) continue;
      const marked = marks
        .filter(({ item, sidePx }) => isTooSmall(cellPx, scene, cropBoxOf(scene, item), sidePx))
        .map(({ item }) => item);
      const needed = neededCells(cellPx, scene, lru.capacity);
      const wanted = [...marked, ...needed.filter((item) => !marked.includes(item))].slice(0, lru.capacity);
      lru.need(wanted);
      pager.want(wanted.filter((item) => !lru.has(item)));
    }
  }

  /** Forget all needs: other items. */
  reset(): void {
    this.cells?.want([]);
    this.pictures?.want([]);
    this.isStale = true;
  }

  dispose(): void {
    this.cells?.dispose();
    this.pictures?.dispose();
  }
}
