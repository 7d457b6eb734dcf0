/** From a salient box to the drawn rectangle: border, smallest size, aspect ratio. The shader does the same. */
import { WHOLE_BOX } from "../lib/profile-boxes";
import type { Box, CropRule } from "./types";

const ASPECT_STEPS_PER_OCTAVE = 64;
const SQUARE_BYTE = 128;

/** Byte of a width / height ratio; 64 steps an octave around 128, clamped at 1/4 and (almost) 4. */
export function aspectByte(width: number, height: number): number {
  const byte = Math.round(ASPECT_STEPS_PER_OCTAVE * Math.log2(width / height)) + SQUARE_BYTE;
  return Math.max(0, Math.min(255, byte));
}

export function aspectFromByte(byte: number): number {
  return 2 ** ((byte - SQUARE_BYTE) / ASPECT_STEPS_PER_OCTAVE);
}

/** The part of the picture to draw for a salient box: border added, at least the smallest size, inside [0, 1]. */
export function cropFromBox(box: Box, rule: CropRule): Box {
  const [x1, x2] = cropAxis(box[0], box[2], rule);
  const [y1, y2] = cropAxis(box[1], box[3], rule);
  return [x1, y1, x2, y2];
}

function cropAxis(low: number, high: number, rule: CropRule): [number, number] {
  const border = (high - low) * rule.contextFrac;
  const first = Math.max(0, low - border);
  const last = Math.min(1, high + border);
  const half = Math.max(rule.minHalf, (last - first) / 2);
  const centre = Math.max(half, Math.min(1 - half, (first + last) / 2));
  return [centre - half, centre + half];
}

/** The box part of the way from the whole picture (0) to `box` (1). */
export function mixWithWhole(box: Box, amount: number): Box {
  const mix = (whole: number, edge: number) => whole + (edge - whole) * amount;
  return [
    mix(WHOLE_BOX[0], box[0]),
    mix(WHOLE_BOX[1], box[1]),
    mix(WHOLE_BOX[2], box[2]),
    mix(WHOLE_BOX[3], box[3]),
  ];
}

/** Width and height of a crop drawn with its own aspect ratio inside a square of side `size`. */
export function drawnSize(
  aspect: number,
  cropWidth: number,
  cropHeight: number,
  size: number,
): [number, number] {
  const ratio = (aspect * cropWidth) / cropHeight;
  return ratio >= 1 ? [size, size / ratio] : [size * ratio, size];
}

/**
 * Retention of one item: its own crop rate where it has one, else the common one. 1 = whole picture.
 *
 * @param rate 0 = the common retention, 255 = whole, else 255 * retention.
 */
export function retentionOf(rate: number, retention: number): number {
  return rate === 0 ? retention : rate / 255;
}
