/** A camera that shows placed images in the part of the window that panels leave free. */

export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface FittedCamera {
  /** World point at the middle of the window. */
  x: number;
  y: number;
  /** CSS pixels per world unit. */
  zoom: number;
}

/** A single place has no extent of its own; layouts have an RMS radius of about one. */
const EXTENT_OF_ONE = 1;
export const SMALLEST_ROOM_PX = 50;

/**
 * @param layouts (2N) x, y with y up each; images without a place are NaN
 * @param size window in CSS pixels
 * @param hidden (N) 1 where an image is not drawn; where none is drawn, all count
 * @returns null when no image has a place
 */
export function fitCamera(
  layouts: readonly Float32Array[],
  size: { width: number; height: number },
  insets: Insets,
  hidden: Uint8Array | null = null,
): FittedCamera | null {
  const bounds = boundsOf(layouts, hidden) ?? boundsOf(layouts, null);
  if (!bounds) return null;
  const [x1, y1, x2, y2] = bounds;
  const roomWidth = Math.max(SMALLEST_ROOM_PX, size.width - insets.left - insets.right);
  const roomHeight = Math.max(SMALLEST_ROOM_PX, size.height - insets.top - insets.bottom);
  const isOnePlace = x1 === x2 && y1 === y2;
  const zoom = isOnePlace
    ? Math.min(roomWidth, roomHeight) / EXTENT_OF_ONE
    : Math.min(roomWidth / (x2 - x1), roomHeight / (y2 - y1));
  return {
    x: (x1 + x2) / 2 + (insets.right - insets.left) / 2 / zoom,
    y: (y1 + y2) / 2 - (insets.bottom - insets.top) / 2 / zoom,
    zoom,
  };
}

function boundsOf(
  layouts: readonly Float32Array[],
  hidden: Uint8Array | null,
): [x1: number, y1: number, x2: number, y2: number] | null {
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const layout of layouts) {
    for (let at = 0; at < layout.length; at += 2) {
      const x = layout[at];
      const y = layout[at + 1];
      if (Number.isNaN(x) || Number.isNaN(y) || hidden?.[at / 2] === 1) continue;
      x1 = Math.min(x1, x);
      y1 = Math.min(y1, y);
      x2 = Math.max(x2, x);
      y2 = Math.max(y2, y);
    }
  }
  return x1 <= x2 ? [x1, y1, x2, y2] : null;
}
