import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CellLru } from "./cell-lru";
import { CellPager, checkBytes } from "./cell-pager";
import { joinCells } from "./cell-texture";

describe("CellLru", () => {
  test("fills free slots first, then those needed longest ago", () => {
    const lru = new CellLru(3);
    lru.need([]);
    expect(lru.place([10, 11, 12])).toEqual([
      { item: 10, slot: 0, evicted: null },
      { item: 11, slot: 1, evicted: null },
      { item: 12, slot: 2, evicted: null },
    ]);
    lru.need([10]);
    lru.need([12, 20, 21]);
    expect(lru.place([20])).toEqual([{ item: 20, slot: 1, evicted: 11 }]);
    expect(lru.place([21])).toEqual([{ item: 21, slot: 0, evicted: 10 }]);
    expect([10, 11, 12, 20, 21].filter((item) => lru.has(item))).toEqual([12, 20, 21]);
  });

  test("never evicts what is needed now: what does not fit is left out", () => {
    const lru = new CellLru(2);
    lru.need([1, 2, 3]);
    expect(lru.place([1, 2, 3]).map(({ item }) => item)).toEqual([1, 2]);
    expect(lru.place([3])).toEqual([]);
    expect(lru.size).toBe(2);
  });

  test("an item that is resident keeps its slot", () => {
    const lru = new CellLru(2);
    lru.need([1]);
    lru.place([1]);
    expect(lru.place([1, 2])).toEqual([{ item: 2, slot: 1, evicted: null }]);
  });

  test("starts anew after clear", () => {
    const lru = new CellLru(1);
    lru.place([1]);
    lru.clear();
    expect(lru.has(1)).toBe(false);
    expect(lru.place([2])).toEqual([{ item: 2, slot: 0, evicted: null }]);
  });
});

describe("CellPager", () => {
  interface Call {
    readonly indexes: number[];
    readonly signal: AbortSignal;
    answer: (cells: ArrayBuffer) => void;
    fail: (error: unknown) => void;
  }
  let calls: Call[];
  let arrived: number[][];
  let errors: Error[];
  let pager: CellPager<ArrayBuffer>;

  beforeEach(() => {
    vi.useFakeTimers();
    calls = [];
    arrived = [];
    errors = [];
    pager = new CellPager({
      request: (indexes, signal) =>
        new Promise((resolve, reject) => calls.push({ indexes, signal, answer: resolve, fail: reject })),
      check: checkBytes(8),
      maxBatch: 2,
      maxInFlight: 2,
      retryMs: 100,
      maxRetryMs: 150,
      onCells: (indexes) => arrived.push([...indexes]),
      onError: (error) => errors.push(error),
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const settle = () => vi.advanceTimersByTimeAsync(0);
  const asked = () => calls.map(({ indexes }) => indexes);

  test("asks in batches, a few at a time, in the order of need", async () => {
    pager.want([5, 6, 7, 8, 9]);
    expect(asked()).toEqual([
      [5, 6],
      [7, 8],
    ]);
    calls[0]?.answer(new ArrayBuffer(16));
    await settle();
    expect(arrived).toEqual([[5, 6]]);
    expect(asked()).toEqual([[5, 6], [7, 8], [9]]);
  });

  test("does not ask again for what is on its way, and forgets what is no longer needed", async () => {
    pager.want([1, 2, 3, 4, 5, 6]);
    pager.want([3, 4, 9, 1]);
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    calls[0]?.answer(new ArrayBuffer(16));
    calls[1]?.answer(new ArrayBuffer(16));
    await settle();
    expect(asked()).toEqual([[1, 2], [3, 4], [9]]);
  });

  test("aborts a request none of whose cells is needed, and drops its late answer", async () => {
    pager.want([1, 2]);
    pager.want([7]);
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.answer(new ArrayBuffer(16));
    calls[1]?.answer(new ArrayBuffer(8));
    await settle();
    expect(arrived).toEqual([[7]]);
    expect(errors).toEqual([]);
    expect(pager.isBusy).toBe(false);
  });

  test("reports a failure and asks again later, each time later", async () => {
    pager.want([1]);
    calls[0]?.fail(new Error("no network"));
    await settle();
    expect(errors.map(({ message }) => message)).toEqual(["no network"]);
    await vi.advanceTimersByTimeAsync(99);
    expect(calls.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls.length).toBe(2);
    calls[1]?.fail(new Error("still none"));
    await vi.advanceTimersByTimeAsync(149);
    expect(calls.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toEqual([[1], [1], [1]]);
  });

  test("an answer of the wrong size is a failure that says so", async () => {
    pager.want([1, 2]);
    calls[0]?.answer(new ArrayBuffer(15));
    await settle();
    expect(errors[0]?.message).toBe("got 15 bytes of cells, expected 16");
    expect(arrived).toEqual([]);
  });

  test("asks nothing after it was disposed", async () => {
    pager.want([1]);
    calls[0]?.fail(new Error("gone"));
    await settle();
    pager.dispose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.length).toBe(1);
  });
});

test("joinCells lays cells side by side, row by row", () => {
  // Two cells of two rows of three bytes.
  const cells = new Uint8Array([1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
  expect([...joinCells(cells, 2, 1, 3)]).toEqual([1, 2, 3, 11, 12, 13, 4, 5, 6, 14, 15, 16]);
});

test("joinCells lays three columns of cells in two rows", () => {
  // Six cells of two rows of one byte: 10 over 11, 20 over 21, ...
  const cells = new Uint8Array([10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61]);
  expect([...joinCells(cells, 3, 2, 1)]).toEqual([10, 20, 30, 11, 21, 31, 40, 50, 60, 41, 51, 61]);
});
