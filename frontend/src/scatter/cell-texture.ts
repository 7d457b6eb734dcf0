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

  /** Writes BC1 cells, one after the other, into the slots from `firstSlot` on: whole rows of slots at once. */
  write(firstSlot: number, cells: Uint8Array): void {
    const { cellsPerRow } = this;
    const bytes = cellBytes(this.options.cellPx);
    const count = cells.length / bytes;
    for (let done = 0; done < count; ) {
      const slot = firstSlot + done;
      const column = slot % cellsPerRow;
      const rowsLeft = cellsPerRow - (Math.floor(slot / cellsPerRow) % cellsPerRow);
      const numRows = column > 0 ? 0 : Math.min(rowsLeft, Math.floor((count - done) / cellsPerRow));
      const run = numRows > 0 ? numRows * cellsPerRow : Math.min(count - done, cellsPerRow - column);
      this.writeBlock(slot, cells.subarray(done * bytes, (done + run) * bytes), Math.max(1, numRows));
      done += run;
    }
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.memory.hold(this.options.name, 0);
  }

  /** Cells of some whole rows of slots, or of a part of one row. */
  private writeBlock(slot: number, cells: Uint8Array, numRows: number): void {
    const { gl, cellsPerRow } = this;
    const { cellPx, bc1Format } = this.options;
    const numColumns = cells.length / cellBytes(cellPx) / numRows;
    const x = (slot % cellsPerRow) * cellPx;
    const y = (Math.floor(slot / cellsPerRow) % cellsPerRow) * cellPx;
    const place = [
      x,
      y,
      Math.floor(slot / cellsPerRow ** 2),
      numColumns * cellPx,
      numRows * cellPx,
      1,
    ] as const;
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const block =
      bc1Format === null
        ? joinCells(decodeAll(cells, cellPx), numColumns, numRows, cellPx * 4)
        : joinCells(cells, numColumns, numRows, cellPx * 2);
    if (bc1Format === null)
      gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, ...place, gl.RGBA, gl.UNSIGNED_BYTE, block);
    else gl.compressedTexSubImage3D(gl.TEXTURE_2D_ARRAY, 0, ...place, bc1Format, block);
    this.memory.bytesUploaded += block.length;
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

/**
 * From cell after cell to row after row: `numColumns` side by side, `numRows` of them below each other. `rowBytes`: one
 * row (of blocks) of one cell.
 */
export function joinCells(
  cells: Uint8Array,
  numColumns: number,
  numRows: number,
  rowBytes: number,
): Uint8Array {
  if (numColumns === 1) return cells;
  const rowsPerCell = cells.length / (numColumns * numRows * rowBytes);
  const block = new Uint8Array(cells.length);
  let from = 0;
  for (let row = 0; row < numRows; row++) {
    for (let column = 0; column < numColumns; column++) {
      for (let line = 0; line < rowsPerCell; line++) {
        const to = ((row * rowsPerCell + line) * numColumns + column) * rowBytes;
        for (let k = 0; k < rowBytes; k++) block[to + k] = cells[from++] as number;
      }
    }
  }
  return block;
}

function decodeAll(cells: Uint8Array, cellPx: number): Uint8Array {
  const bytes = cellBytes(cellPx);
  const count = cells.length / bytes;
  const pixels = new Uint8Array(count * cellPx * cellPx * 4);
  for (let cell = 0; cell < count; cell++) {
    pixels.set(decodeCell(cells.subarray(cell * bytes, (cell + 1) * bytes), cellPx), cell * cellPx ** 2 * 4);
  }
  return pixels;
}
