/**
 * Square cells of one size in the layers of an array texture, by slot: BC1 where the device reads it, else RGBA through
 * the fallback decoder. Slot s lies in layer floor(s / cells a layer), row by row.
 */
import { cellBytes, decodeCell } from "./bc1";
import type { GpuMemory } from "./gpu-memory";

export interface CellTextureOptions {
  readonly name: string;
  readonly cellPx: number;
  readonly layerPx: number;
  readonly numLayers: number;
  /** BC1 format of the device; null: RGBA. */
  readonly bc1Format: number | null;
}

export class CellTexture {
  readonly texture: WebGLTexture;
  readonly cellsPerRow: number;
  readonly numSlots: number;
  private readonly gl: WebGL2RenderingContext;
  private readonly options: CellTextureOptions;
  private readonly memory: GpuMemory;

  constructor(gl: WebGL2RenderingContext, options: CellTextureOptions, memory: GpuMemory) {
    this.gl = gl;
    this.options = options;
    this.memory = memory;
    const { layerPx, cellPx, numLayers, bc1Format } = options;
    this.cellsPerRow = Math.floor(layerPx / cellPx);
    this.numSlots = numLayers * this.cellsPerRow ** 2;
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, bc1Format ?? gl.RGBA8, layerPx, layerPx, numLayers);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.LINEAR);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.CLAMP_TO_EDGE);
    memory.hold(options.name, numLayers * bytesPerLayer(layerPx, bc1Format));
  }

  /** Writes BC1 cells, one after the other, into the slots from `firstSlot` on. */
  write(firstSlot: number, cells: Uint8Array): void {
    const bytes = cellBytes(this.options.cellPx);
    const count = cells.length / bytes;
    for (let done = 0; done < count; ) {
      const column = (firstSlot + done) % this.cellsPerRow;
      const run = Math.min(count - done, this.cellsPerRow - column);
      this.writeRun(firstSlot + done, cells.subarray(done * bytes, (done + run) * bytes), run);
      done += run;
    }
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.memory.hold(this.options.name, 0);
  }

  /** Cells of one row of slots, joined to one strip. */
  private writeRun(slot: number, cells: Uint8Array, count: number): void {
    const { gl } = this;
    const { cellPx, bc1Format } = this.options;
    const x = (slot % this.cellsPerRow) * cellPx;
    const y = (Math.floor(slot / this.cellsPerRow) % this.cellsPerRow) * cellPx;
    const layer = Math.floor(slot / this.cellsPerRow ** 2);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    if (bc1Format === null) {
      const strip = joinCells(decodeAll(cells, cellPx, count), count, cellPx * 4);
      const width = count * cellPx;
      gl.texSubImage3D(
        gl.TEXTURE_2D_ARRAY,
        0,
        x,
        y,
        layer,
        width,
        cellPx,
        1,
        gl.RGBA,
        gl.UNSIGNED_BYTE,
        strip,
      );
      this.memory.bytesUploaded += strip.length;
      return;
    }
    const strip = joinCells(cells, count, cellPx * 2);
    gl.compressedTexSubImage3D(
      gl.TEXTURE_2D_ARRAY,
      0,
      x,
      y,
      layer,
      count * cellPx,
      cellPx,
      1,
      bc1Format,
      strip,
    );
    this.memory.bytesUploaded += strip.length;
  }
}

/** Bytes of one square layer. */
export function bytesPerLayer(layerPx: number, bc1Format: number | null): number {
  return bc1Format === null ? layerPx * layerPx * 4 : (layerPx * layerPx) / 2;
}

/** The BC1 format of the device, or null. */
export function bc1FormatOf(gl: WebGL2RenderingContext): number | null {
  return gl.getExtension("WEBGL_compressed_texture_s3tc")?.COMPRESSED_RGB_S3TC_DXT1_EXT ?? null;
}

/** From cell after cell to row after row: side by side in one strip. `rowBytes`: one row (of blocks) of one cell. */
export function joinCells(cells: Uint8Array, count: number, rowBytes: number): Uint8Array {
  if (count === 1) return cells;
  const perCell = cells.length / count;
  const strip = new Uint8Array(cells.length);
  for (let cell = 0; cell < count; cell++) {
    for (let row = 0; row * rowBytes < perCell; row++) {
      const from = cell * perCell + row * rowBytes;
      strip.set(cells.subarray(from, from + rowBytes), (row * count + cell) * rowBytes);
    }
  }
  return strip;
}

function decodeAll(cells: Uint8Array, cellPx: number, count: number): Uint8Array {
  const bytes = cellBytes(cellPx);
  const pixels = new Uint8Array(count * cellPx * cellPx * 4);
  for (let cell = 0; cell < count; cell++) {
    pixels.set(decodeCell(cells.subarray(cell * bytes, (cell + 1) * bytes), cellPx), cell * cellPx ** 2 * 4);
  }
  return pixels;
}
