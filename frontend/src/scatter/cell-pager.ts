/**
 * Asks for the cells that are in view: in batches, few at a time, nearest first. A new list of needs replaces the old
 * one: what was not asked for yet is forgotten, and a request none of whose cells is needed any more is aborted.
 * After a failure it waits, twice as long each time.
 */
import { ScatterError } from "./errors";
import type { RequestCells } from "./types";

export interface CellPagerOptions {
  readonly request: RequestCells;
  readonly bytesPerCell: number;
  readonly maxBatch: number;
  readonly maxInFlight: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  readonly onCells: (indexes: readonly number[], cells: Uint8Array) => void;
  readonly onError: (error: Error) => void;
}

interface Batch {
  readonly indexes: number[];
  readonly controller: AbortController;
}

export class CellPager {
  private readonly options: CellPagerOptions;
  private queue: number[] = [];
  private readonly inFlight = new Set<Batch>();
  private retryMs: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isDisposed = false;

  constructor(options: CellPagerOptions) {
    this.options = options;
    this.retryMs = options.retryMs;
  }

  get isBusy(): boolean {
    return this.inFlight.size > 0 || this.queue.length > 0;
  }

  /** The missing cells, most wanted first. */
  want(indexes: readonly number[]): void {
    const wanted = new Set(indexes);
    const coming = new Set<number>();
    for (const batch of [...this.inFlight]) {
      if (batch.indexes.some((index) => wanted.has(index))) {
        for (const index of batch.indexes) coming.add(index);
      } else {
        this.inFlight.delete(batch);
        batch.controller.abort();
      }
    }
    this.queue = indexes.filter((index) => !coming.has(index));
    this.send();
  }

  dispose(): void {
    this.isDisposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.want([]);
  }

  private send(): void {
    if (this.timer !== null || this.isDisposed) return;
    while (this.queue.length > 0 && this.inFlight.size < this.options.maxInFlight) {
      const batch = {
        indexes: this.queue.splice(0, this.options.maxBatch),
        controller: new AbortController(),
      };
      this.inFlight.add(batch);
      void this.fetch(batch);
    }
  }

  private async fetch(batch: Batch): Promise<void> {
    try {
      const cells = await this.options.request([...batch.indexes], batch.controller.signal);
      if (!this.inFlight.delete(batch)) return;
      const expected = batch.indexes.length * this.options.bytesPerCell;
      if (cells.byteLength !== expected) {
        throw new ScatterError(
          "cells_incomplete",
          `got ${cells.byteLength} bytes of cells, expected ${expected}`,
        );
      }
      this.retryMs = this.options.retryMs;
      this.options.onCells(batch.indexes, new Uint8Array(cells));
      this.send();
    } catch (error) {
      this.inFlight.delete(batch);
      if (!batch.controller.signal.aborted) this.failed(batch, error);
    }
  }

  private failed(batch: Batch, error: unknown): void {
    this.queue = batch.indexes.concat(this.queue);
    this.options.onError(error instanceof Error ? error : new ScatterError("cells_failed", String(error)));
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.send();
    }, this.retryMs);
    this.retryMs = Math.min(this.options.maxRetryMs, this.retryMs * 2);
  }
}
