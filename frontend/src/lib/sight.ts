/**
 * What a map looks at, whatever the size of its window: the world point in the middle of the ground that the panels leave
 * free, and the world units along the shorter side of that ground. A link that carries it shows the same on any screen.
 */
import { type FittedCamera, type Insets, SMALLEST_ROOM_PX } from "./fit-camera";

export interface Sight {
  readonly x: number;
  readonly y: number;
  readonly span: number;
}

interface Window {
  readonly width: number;
  readonly height: number;
  readonly insets: Insets;
}

export function sightOf({ x, y, zoom }: FittedCamera, window: Window): Sight {
  const { left, right, top, bottom } = window.insets;
  return {
    x: x - (right - left) / 2 / zoom,
    y: y + (bottom - top) / 2 / zoom,
    span: shorterSidePx(window) / zoom,
  };
}

export function cameraAt({ x, y, span }: Sight, window: Window): FittedCamera {
  const { left, right, top, bottom } = window.insets;
  const zoom = shorterSidePx(window) / span;
  return { x: x + (right - left) / 2 / zoom, y: y - (bottom - top) / 2 / zoom, zoom };
}

function shorterSidePx({ width, height, insets }: Window): number {
  const { left, right, top, bottom } = insets;
  return Math.max(SMALLEST_ROOM_PX, Math.min(width - left - right, height - top - bottom));
}

const DIGITS = 5;

/** "1.25,-0.5,3": short, and exact to a pixel or so of any screen. */
export function writeSight({ x, y, span }: Sight): string {
  const decimals = Math.max(0, Math.min(9, DIGITS - Math.ceil(Math.log10(span))));
  return [x.toFixed(decimals), y.toFixed(decimals), span.toPrecision(DIGITS)].map(Number).join(",");
}

/** Null for what is no sight. */
export function readSight(text: string): Sight | null {
  const parts = text.split(",");
  if (parts.length !== 3 || !parts.every((part) => /^-?\d{1,9}(\.\d{1,9})?$/.test(part))) return null;
  const [x, y, span] = parts.map(Number) as [number, number, number];
  return span > 0 ? { x, y, span } : null;
}
