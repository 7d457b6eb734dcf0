/**
 * Asks for the cells that are in view: in batches, few at a time, nearest first. A new list of needs replaces the old
 * one: what was not asked for yet is forgotten, and a request none of whose cells is needed any more is aborted.
 * After a failure it waits, twice as long each time.
 */
import { ScatterError } from "./errors";

/** T: what a request for some cells is answered with. */
export interface CellPagerOptions<T> {
  readonly request: (indexes: number[], signal: AbortSignal) => Promise<T>;
  /** Raises for an answer that does not hold `count` cells. */
  readonly check: (answer: T, count: number) => void;
  readonly maxBatch: number;
  readonly maxInFlight: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  readonly onCells: (indexes: readonly number[], answer: T) => void;
  readonly onError: (error: Error) => void;
}

interface Batch {
  readonly indexes: number[];
  readonly controller: AbortController;
}

export class CellPager<T> {
  private readonly options: CellPagerOptions<T>;
  private queue: number[] = [];
  private readonly inFlight = new Set<Batch>();
  private retryMs: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isDisposed = false;

  constructor(options: CellPagerOptions<T>) {
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
      const answer = await this.options.request([...batch.indexes], batch.controller.signal);
      if (!this.inFlight.delete(batch)) return;
      this.options.check(answer, batch.indexes.length);
      this.retryMs = this.options.retryMs;
      this.options.onCells(batch.indexes, answer);
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

/** A check of answers that hold cells of `bytesPerCell`, one after the other. */
export function checkBytes(bytesPerCell: number): (cells: ArrayBuffer, count: number) => void {
  return ({ byteLength }, count) => {
    const expected = count * bytesPerCell;
    if (byteLength === expected) return;
    throw new ScatterError("cells_incomplete", `got ${byteLength} bytes of cells, expected ${expected}`);
  };
}
