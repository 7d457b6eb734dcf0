/**
 * Colours for classes, and the ramp for confidence. Map colours are palette indexes: 0 unlabelled, 1..255 by position of
 * the class.
 */
import { colours } from "../../../labeler/annotations/class_defaults.json";
import { readableOn } from "./colour";

/** In the order in which the server gives them to new classes. */
export const CLASS_COLOURS: readonly string[] = colours;
export const UNLABELLED_DARK = "#6b727d";
export const UNLABELLED_LIGHT = "#8b929c";
export const NUM_PALETTE = 256;
/** WCAG asks 3:1 of graphics; class colours always come with a name, so a little less keeps hues apart. */
export const MIN_CONTRAST = 2.4;

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
