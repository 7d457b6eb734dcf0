/** The cells on the GPU: 16 px for the first items, resident; 64 px for those in view, least recently needed leave. */
import { cellBytes } from "./bc1";
import { CellLru } from "./cell-lru";
import { bc1FormatOf, bytesPerLayer, CellTexture } from "./cell-texture";
import type { GpuMemory } from "./gpu-memory";
import type { ItemTextures } from "./item-textures";
import type { Items } from "./items";
import { PictureStore } from "./picture-store";

export interface CellStoreOptions {
  readonly layerPx: number;
  readonly cacheBytes: number;
  readonly forceRgba: boolean;
}

/** Resident 16 px cells end here (32 MB in BC1); items beyond are dots until their 64 px cell comes. */
const MAX_RESIDENT_CELLS = 262_144;
const SMALL_PX = 16;
const LARGE_PX = 64;
export const bytesOfLargeCell = cellBytes(LARGE_PX);
/** Slot numbers are 16 bits, 0 = none. */
const MAX_SLOTS = 65_535;

export class CellStore {
  readonly lru: CellLru;
  readonly large: CellTexture;
  small: CellTexture;
  numSmall = 0;
  readonly layerPx: number;
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: GpuMemory;
  private readonly bc1Format: number | null;
  readonly pictures: PictureStore;
  /** Two numbers an item: its slot of 64 px and of 256 px, counted from 1; 0 = none. */
  private slots = new Uint16Array(0);

  constructor(gl: WebGL2RenderingContext, options: CellStoreOptions, memory: GpuMemory) {
    this.gl = gl;
    this.memory = memory;
    const layerPx = Math.min(options.layerPx, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
    this.layerPx = layerPx;
    this.bc1Format = options.forceRgba ? null : bc1FormatOf(gl);
    const numLayers = Math.max(1, Math.floor(options.cacheBytes / bytesPerLayer(layerPx, this.bc1Format)));
    this.large = this.textureOf("cells64", LARGE_PX, numLayers);
    this.small = this.textureOf("cells16", SMALL_PX, 1);
    this.pictures = new PictureStore(gl, memory);
    this.lru = new CellLru(Math.min(MAX_SLOTS, this.large.numSlots));
  }

  /** Room for `numItems`; everything resident is written again when the texture grows. */
  ensure(items: Items): void {
    const wanted = Math.min(items.numItems, MAX_RESIDENT_CELLS);
    if (wanted > this.small.numSlots) {
      const perLayer = this.small.cellsPerRow ** 2;
      const numLayers = Math.ceil((this.numSmall === 0 ? wanted : wanted * 1.5) / perLayer);
      this.small.dispose();
      this.small = this.textureOf("cells16", SMALL_PX, numLayers);
      this.numSmall = 0;
    }
    if (this.slots.length < 2 * items.numItems) {
      const slots = new Uint16Array(2 * items.numItems);
      slots.set(this.slots);
      this.slots = slots;
    }
  }

  /** Writes the 16 px cells of items first..end, and of all before that the texture does not hold yet. */
  writeSmall(items: Items, first: number, end: number): void {
    this.ensure(items);
    const start = Math.min(first, this.numSmall);
    const stop = Math.min(end, this.small.numSlots);
    if (stop > start) {
      const bytes = cellBytes(SMALL_PX);
      this.small.write(start, items.cells16.subarray(start * bytes, stop * bytes));
    }
    this.numSmall = Math.max(this.numSmall, stop);
  }

  /** Takes 64 px cells in; what finds no slot is dropped. */
  writeLarge(indexes: readonly number[], cells: Uint8Array, textures: ItemTextures): void {
    const bytes = cellBytes(LARGE_PX);
    const cellOf = new Map(indexes.map((item, k) => [item, k]));
    let low = this.slots.length / 2;
    let high = 0;
    for (const { item, slot, evicted } of this.lru.place(indexes)) {
      const at = (cellOf.get(item) as number) * bytes;
      this.large.write(slot, cells.subarray(at, at + bytes));
      this.slots[2 * item] = slot + 1;
      if (evicted !== null) this.slots[2 * evicted] = 0;
      low = Math.min(low, item, evicted ?? item);
      high = Math.max(high, item + 1, (evicted ?? item) + 1);
    }
    textures.writeSlots(this.slots, low, high);
  }

  /** Takes one picture of 256 px in, if it finds a slot. */
  writePicture(item: number, picture: TexImageSource, textures: ItemTextures): void {
    if (2 * item >= this.slots.length) return; // other items since it was asked for
    const placed = this.pictures.write(item, picture);
    if (!placed) return;
    const { slot, evicted } = placed;
    this.slots[2 * item + 1] = slot + 1;
    textures.writeSlots(this.slots, item, item + 1);
    if (evicted === null) return;
    this.slots[2 * evicted + 1] = 0;
    textures.writeSlots(this.slots, evicted, evicted + 1);
  }

  /** Side of the best cell at hand for an item, 0 without a large one. */
  largestOf(item: number): 0 | 64 | 256 {
    if (this.pictures.lru.has(item)) return 256;
    return this.lru.has(item) ? 64 : 0;
  }

  /** Forgets the 64 px cells and the pictures: other items, or a context that was lost. */
  clear(items: Items, textures: ItemTextures): void {
    this.lru.clear();
    this.pictures.lru.clear();
    this.slots = new Uint16Array(2 * items.numItems);
    this.numSmall = 0;
    textures.writeSlots(this.slots, 0, items.numItems);
  }

  /** New items have no slot: the texture must say so. */
  extendSlots(items: Items, textures: ItemTextures): void {
    const before = this.slots.length / 2;
    this.ensure(items);
    textures.writeSlots(this.slots, before, items.numItems);
  }

  private textureOf(name: string, cellPx: number, numLayers: number): CellTexture {
    const limit = this.gl.getParameter(this.gl.MAX_ARRAY_TEXTURE_LAYERS) as number;
    const options = {
      name,
      cellPx,
      layerPx: this.layerPx,
      numLayers: Math.min(numLayers, limit),
      bc1Format: this.bc1Format,
    };
    return new CellTexture(this.gl, options, this.memory);
  }
}
