/**
 * BC1 (DXT1) decoder for devices without compressed textures. A cell is square, its blocks of 4 x 4 pixels row by row,
 * 8 bytes each: two RGB565 colours, then 2 bits a pixel, lowest bits first.
 */

const BLOCK_BYTES = 8;

/** Bytes of one BC1 cell. */
export function cellBytes(cellPx: number): number {
  return (cellPx * cellPx) / 2;
}

/** RGBA of one BC1 cell, (cellPx, cellPx, 4), row by row. */
export function decodeCell(cell: Uint8Array, cellPx: number): Uint8Array<ArrayBuffer> {
  if (cell.length !== cellBytes(cellPx)) {
    throw new RangeError(`cell of ${cellPx} px holds ${cell.length} bytes, expected ${cellBytes(cellPx)}`);
  }
  const pixels = new Uint8Array(cellPx * cellPx * 4);
  const blocksPerRow = cellPx / 4;
  const palette = new Uint8Array(16);
  for (let block = 0; block * BLOCK_BYTES < cell.length; block++) {
    const at = block * BLOCK_BYTES;
    blockPalette(cell, at, palette);
    const left = (block % blocksPerRow) * 4;
    const top = Math.floor(block / blocksPerRow) * 4;
    for (let pixel = 0; pixel < 16; pixel++) {
      const bits = cell[at + 4 + (pixel >> 2)] as number;
      const entry = ((bits >> (2 * (pixel & 3))) & 3) * 4;
      const to = ((top + (pixel >> 2)) * cellPx + left + (pixel & 3)) * 4;
      for (let channel = 0; channel < 4; channel++) {
        pixels[to + channel] = palette[entry + channel] as number;
      }
    }
  }
  return pixels;
}

/** The four colours of the block at `at`: with the first larger, two mixed by thirds; else a middle and black. */
function blockPalette(cell: Uint8Array, at: number, palette: Uint8Array): void {
  const first = (cell[at] as number) | ((cell[at + 1] as number) << 8);
  const second = (cell[at + 2] as number) | ((cell[at + 3] as number) << 8);
  writeColour(first, palette, 0);
  writeColour(second, palette, 4);
  for (let channel = 0; channel < 4; channel++) {
    const a = palette[channel] as number;
    const b = palette[4 + channel] as number;
    palette[8 + channel] = first > second ? Math.round((2 * a + b) / 3) : Math.round((a + b) / 2);
    palette[12 + channel] = first > second ? Math.round((a + 2 * b) / 3) : channel === 3 ? 255 : 0;
  }
}

function writeColour(rgb565: number, palette: Uint8Array, at: number): void {
  const red = rgb565 >> 11;
  const green = (rgb565 >> 5) & 63;
  const blue = rgb565 & 31;
  palette[at] = (red << 3) | (red >> 2);
  palette[at + 1] = (green << 2) | (green >> 4);
  palette[at + 2] = (blue << 3) | (blue >> 2);
  palette[at + 3] = 255;
}
