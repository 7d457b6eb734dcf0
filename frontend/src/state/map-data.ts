/**
 * The arrays behind the map. `MapLoader.refresh` reads the manifest and fetches what is new; it may be called at any
 * time and any number of times: calls during a run make one more run, and a run after `dispose` changes nothing.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { messageOf } from "../api/problem";
import type { ArrayRef, MapManifest } from "../api/types";
import { type CellRange, planFetches, staleUrls } from "../lib/manifest";
import { countPresent, type RemovedMask } from "../lib/removed";
import { concatBytes, decodeArray, type NumberArray, padLayout, padValues } from "../lib/typed-arrays";

/** Everything the map draws; N = `numImages`. All of one manifest, never mixed; only pictures may come later. */
export interface MapData {
  readonly numImages: number;
  /** Images that were removed: they are drawn, counted and selected nowhere. */
  readonly removed: RemovedMask;
  /** Of the N images, those that were not removed. */
  readonly numPresent: number;
  readonly modelVersion: number | null;
  /** (2N), NaN where an image has no place yet. */
  readonly whole: Float32Array;
  /** (2N) or null before the first model. */
  readonly crop: Float32Array | null;
  readonly aspect: Uint8Array | null;
  /** (128 M) BC1 cells of the first M images; those of the others are not here yet. */
  readonly cells16: Uint8Array;
  /** (N) class ids, 0 = not predicted yet. */
  readonly predictedClass: Int32Array | null;
  /** (N) probability of the predicted class times 255. */
  readonly confidence: Uint8Array | null;
  /** (N, width + height) codes. */
  readonly profiles: Uint8Array | null;
  /** (N) crop rates by image: 255 = whole, else 255 times the retention; null where all have the project's own. */
  readonly cropRates: Uint8Array | null;
  readonly profileShape: { readonly height: number; readonly width: number } | null;
  /** Row ids of the layouts, kept with every label. */
  readonly projectionIds: { readonly whole: number | null; readonly crop: number | null };
}

export interface MapState {
  readonly status: "loading" | "ready" | "error";
  readonly error: string | null;
  readonly data: MapData | null;
  readonly isRefreshing: boolean;
}

export type MapStore = StoreApi<MapState>;

export interface MapFetchers {
  manifest: () => Promise<MapManifest>;
  bytes: (url: string) => Promise<ArrayBuffer>;
}

const BYTES_PER_CELL_16 = 128;

export function createMapStore(): MapStore {
  return createStore<MapState>(() => ({ status: "loading", error: null, data: null, isRefreshing: false }));
}

export class MapLoader {
  private readonly store: MapStore;
  private readonly fetchers: MapFetchers;
  private readonly arrays = new Map<string, NumberArray>();
  private cells16: Uint8Array = new Uint8Array();
  private running: Promise<void> | null = null;
  private isAskedAgain = false;
  private isDisposed = false;

  constructor(store: MapStore, fetchers: MapFetchers) {
    this.store = store;
    this.fetchers = fetchers;
  }

  /** Bring the store to the newest manifest. */
  refresh(): Promise<void> {
    if (this.running) {
      this.isAskedAgain = true;
      return this.running;
    }
    this.running = this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  dispose(): void {
    this.isDisposed = true;
  }

  private async run(): Promise<void> {
    do {
      this.isAskedAgain = false;
      this.publish({ isRefreshing: true });
      try {
        await this.load();
        this.publish({ isRefreshing: false });
      } catch (error) {
        // What is on the screen stays; only an empty screen turns into the error page.
        const status = this.store.getState().data ? "ready" : "error";
        this.publish({ status, error: messageOf(error), isRefreshing: false });
      }
    } while (this.isAskedAgain && !this.isDisposed);
  }

  /** Shows the places as soon as they are here; the pictures follow range by range. */
  private async load(): Promise<void> {
    const manifest = await this.fetchers.manifest();
    const numCells = this.cells16.length / BYTES_PER_CELL_16;
    const plan = planFetches(manifest, new Set(this.arrays.keys()), numCells);
    let data: Omit<MapData, "cells16"> | null = null;
    const show = () => {
      if (data) this.publish({ status: "ready", error: null, data: { ...data, cells16: this.cells16 } });
    };
    const cells = this.fetchCells(plan.cells16, show);
    const arrays = Promise.all(plan.arrays.map((ref) => this.fetchArray(ref))).then(() => {
      for (const url of staleUrls(manifest, [...this.arrays.keys()])) this.arrays.delete(url);
      data = assemble(manifest, this.arrays);
      show();
    });
    for (const part of await Promise.allSettled([arrays, cells]))
      if (part.status === "rejected") throw part.reason;
  }

  /** Appends ranges in order. A short answer ends it: those cells are not made yet, the next run asks again. */
  private async fetchCells(ranges: readonly CellRange[], onRange: () => void): Promise<void> {
    for (const { url, start, count } of ranges) {
      const bytes = await this.fetchers.bytes(`${url}?start=${start}&count=${count}`);
      if (bytes.byteLength > 0) {
        this.cells16 = concatBytes(this.cells16, new Uint8Array(bytes));
        onRange();
      }
      if (bytes.byteLength < count * BYTES_PER_CELL_16) return;
    }
  }

  private async fetchArray(ref: ArrayRef): Promise<void> {
    this.arrays.set(ref.url, decodeArray(await this.fetchers.bytes(ref.url), ref));
  }

  private publish(changes: Partial<MapState>): void {
    if (!this.isDisposed) this.store.setState(changes);
  }
}

/** The rates if they are more than the project's one retention. */
function ownRates(codes: Uint8Array | null, retention: number): Uint8Array | null {
  const common = Math.min(254, Math.max(1, Math.round(255 * retention)));
  return codes?.some((code) => code !== common && code !== 0) ? codes : null;
}

function assemble(manifest: MapManifest, arrays: ReadonlyMap<string, NumberArray>): Omit<MapData, "cells16"> {
  const numImages = manifest.num_images;
  const { whole, crop } = manifest.projections;
  const shape = manifest.profile_shape ?? null;
  const at = (ref: ArrayRef | null | undefined) => (ref ? arrays.get(ref.url) : undefined);
  const named = (name: string) => at(manifest.arrays.find((ref) => ref.name === name));
  const padded = <T extends Uint8Array | Int32Array>(values: NumberArray | undefined, perImage: number) =>
    values ? padValues(values as T, numImages * perImage) : null;
  const removed = padded<Uint8Array>(named("removed"), 1);
  const cropLayout = at(crop?.array) as Float32Array | undefined;
  return {
    numImages,
    removed,
    numPresent: countPresent(removed, numImages),
    modelVersion: manifest.model_version ?? null,
    whole: padLayout((at(whole?.array) as Float32Array | undefined) ?? new Float32Array(), numImages),
    crop: cropLayout ? padLayout(cropLayout, numImages) : null,
    aspect: padded<Uint8Array>(named("aspect"), 1),
    predictedClass: padded<Int32Array>(named("predicted_class"), 1),
    confidence: padded<Uint8Array>(named("confidence"), 1),
    profiles: shape ? padded<Uint8Array>(named("profiles"), shape.height + shape.width) : null,
    cropRates: ownRates(padded<Uint8Array>(named("crop_rates"), 1), manifest.retention),
    profileShape: shape,
    projectionIds: { whole: whole?.id ?? null, crop: crop?.id ?? null },
  };
}
