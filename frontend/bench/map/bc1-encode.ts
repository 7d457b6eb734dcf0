/** A plain BC1 encoder for generated pictures: colours at the ends of each block's main diagonal. */

/** BC1 cell of RGBA pixels (sizePx, sizePx, 4). */
export function encodeCell(pixels: Uint8Array | Uint8ClampedArray, sizePx: number): Uint8Array {
  const cell = new Uint8Array((sizePx * sizePx) / 2);
  const block = new Uint8Array(48);
  let at = 0;
  for (let top = 0; top < sizePx; top += 4) {
    for (let left = 0; left < sizePx; left += 4) {
      for (let k = 0; k < 16; k++) {
        const from = ((top + (k >> 2)) * sizePx + left + (k & 3)) * 4;
        for (let c = 0; c < 3; c++) block[3 * k + c] = pixels[from + c] as number;
      }
      encodeBlock(block, cell, at);
      at += 8;
    }
  }
  return cell;
}

function encodeBlock(block: Uint8Array, cell: Uint8Array, at: number): void {
  const [low, high] = ends(block);
  let first = rgb565(high);
  let second = rgb565(low);
  if (first < second) [first, second] = [second, first];
  const a = fromRgb565(first);
  const b = fromRgb565(second);
  cell[at] = first & 255;
  cell[at + 1] = first >> 8;
  cell[at + 2] = second & 255;
  cell[at + 3] = second >> 8;
  if (first === second) return;
  const axis = a.map((value, c) => (b[c] as number) - value);
  const norm = axis.reduce((sum, value) => sum + value * value, 0);
  for (let k = 0; k < 16; k++) {
    const along = axis.reduce(
      (sum, value, c) => sum + value * ((block[3 * k + c] as number) - (a[c] as number)),
      0,
    );
    const step = Math.max(0, Math.min(3, Math.round((3 * along) / norm)));
    const code = [0, 2, 3, 1][step] as number;
    cell[at + 4 + (k >> 2)] = (cell[at + 4 + (k >> 2)] as number) | (code << (2 * (k & 3)));
  }
}

/** Darkest and brightest pixel of the block. */
function ends(block: Uint8Array): [number[], number[]] {
  let low = 0;
  let high = 0;
  const brightness = (k: number) =>
    2 * (block[3 * k] as number) + 4 * (block[3 * k + 1] as number) + (block[3 * k + 2] as number);
  for (let k = 1; k < 16; k++) {
    if (brightness(k) < brightness(low)) low = k;
    if (brightness(k) > brightness(high)) high = k;
  }
  const pixel = (k: number) => [...block.subarray(3 * k, 3 * k + 3)];
  return [pixel(low), pixel(high)];
}

function rgb565([red, green, blue]: number[]): number {
  return (((red as number) >> 3) << 11) | (((green as number) >> 2) << 5) | ((blue as number) >> 3);
}

function fromRgb565(colour: number): number[] {
  const red = colour >> 11;
  const green = (colour >> 5) & 63;
  const blue = colour & 31;
  return [(red << 3) | (red >> 2), (green << 2) | (green >> 4), (blue << 3) | (blue >> 2)];
}
