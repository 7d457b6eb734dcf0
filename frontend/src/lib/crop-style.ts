/** Placing an image behind a small window so that one box of it fills the window. */

/** Unit xyxy edges of the whole image. */
export type UnitBox = readonly [x1: number, y1: number, x2: number, y2: number];

/** Percent of the window's side; for an absolutely placed image. */
export interface ImagePlacement {
  width: number;
  height: number;
  left: number;
  top: number;
}

export const WHOLE_BOX: UnitBox = [0, 0, 1, 1];

/** Width over height from the map's aspect byte: round(64 log2(width / height)) + 128. */
export function aspectFromByte(code: number): number {
  return 2 ** ((code - 128) / 64);
}

/**
 * Covers a window with a box: the box's shorter side, in the image's true shape, fills the window, and the longer one is
 * centred and cut. @param aspect image width over height @param windowAspect window width over height
 */
export function coverWithBox(box: UnitBox, aspect: number, windowAspect = 1): ImagePlacement {
  const [x1, y1, x2, y2] = box;
  const boxAspect = ((x2 - x1) * aspect) / (y2 - y1);
  // Image height in window heights, such that both sides of the box cover the window.
  const byHeight = 1 / (y2 - y1);
  const height = boxAspect >= windowAspect ? byHeight : (byHeight * windowAspect) / boxAspect;
  const width = (height * aspect) / windowAspect;
  return {
    width: 100 * width,
    height: 100 * height,
    left: 50 - 50 * width * (x1 + x2),
    top: 50 - 50 * height * (y1 + y2),
  };
}

/**
 * Shows all of a box inside a square window and nothing else: a smaller window of the box's own shape, centred.
 * @param aspect image width over height
 * @returns percent of the square's side: the inner window, and the image placed in it
 */
export function containBox(box: UnitBox, aspect: number): { window: ImagePlacement; image: ImagePlacement } {
  const [x1, y1, x2, y2] = box;
  const boxAspect = ((x2 - x1) * aspect) / (y2 - y1);
  const width = Math.min(1, boxAspect);
  const height = Math.min(1, 1 / boxAspect);
  return {
    window: { width: 100 * width, height: 100 * height, left: 50 * (1 - width), top: 50 * (1 - height) },
    image: coverWithBox(box, aspect, boxAspect),
  };
}
