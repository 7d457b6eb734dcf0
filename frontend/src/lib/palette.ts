/**
 * Colours for classes: a fixed set, offered in the order that keeps them apart for normal and dichromatic viewers, and
 * the ramp for confidence. Map colours are palette indexes: 0 unlabelled, 1..255 by position of the class.
 */
import { colourDistance, readableOn, type Vision } from "./colour";

/** The first eight stay apart for normal, protanopic and deuteranopic viewers; the rest differ in lightness too. */
export const CLASS_COLOURS: readonly string[] = [
  "#3d8bfd",
  "#f59f00",
  "#0ca678",
  "#f783ac",
  "#ffe066",
  "#7048e8",
  "#c2255c",
  "#66d9e8",
  "#ff6b4a",
  "#a9e34b",
  "#1864ab",
  "#e599f7",
  "#2b8a3e",
  "#ffa8a8",
  "#b08968",
  "#91a7ff",
  "#d9480f",
  "#63e6be",
  "#862e9c",
  "#ffc078",
  "#0b7285",
  "#e64980",
  "#868e96",
  "#5c940d",
];

/** Distance (see `colourDistance`) from which two class colours are told apart at a glance. */
export const MIN_SEPARATION = 7.5;
export const UNLABELLED_DARK = "#6b727d";
export const UNLABELLED_LIGHT = "#8b929c";
export const NUM_PALETTE = 256;
/** WCAG asks 3:1 of graphics; class colours always come with a name, so a little less keeps hues apart. */
export const MIN_CONTRAST = 2.4;
const VISIONS: readonly Vision[] = ["normal", "protanopia", "deuteranopia"];

/** Smallest distance of `colour` to any of `others` for the viewer who tells them apart worst. */
export function separation(colour: string, others: readonly string[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const other of others) {
    for (const vision of VISIONS) smallest = Math.min(smallest, colourDistance(colour, other, vision));
  }
  return smallest;
}

/** The first free colour that is far enough from all used ones, or the farthest when none is. */
export function nextColour(used: readonly string[]): string {
  const taken = new Set(used.map((colour) => colour.toLowerCase()));
  const free = CLASS_COLOURS.filter((colour) => !taken.has(colour));
  const candidates = free.length > 0 ? free : CLASS_COLOURS;
  let best = candidates[0];
  let bestSeparation = -1;
  for (const candidate of candidates) {
    const value = separation(candidate, used);
    if (value >= MIN_SEPARATION) return candidate;
    if (value > bestSeparation) {
      best = candidate;
      bestSeparation = value;
    }
  }
  return best;
}

/** Class colour as drawn on a theme's background. */
export function shownColour(colour: string, background: string): string {
  return readableOn(colour, background, MIN_CONTRAST);
}

const RAMP_DARK: readonly string[] = ["#5a2a83", "#8f3f97", "#c4527d", "#ec7a5c", "#fbb254", "#f7ee7f"];
const RAMP_LIGHT: readonly string[] = ["#f0b64f", "#e58a4e", "#cf5f62", "#a8437c", "#74338a", "#3b2a7a"];

/** Confidence colours, doubtful to certain. */
export function confidenceRamp(isDark: boolean): readonly string[] {
  return isDark ? RAMP_DARK : RAMP_LIGHT;
}
