/**
 * Colours of the map as palette entries: 0 no label, 1..223 classes by their place in the list, 224..255 the confidence
 * ramp from doubtful to certain.
 */
import type { LabelClass } from "../api/types";
import type { ColourBy } from "../state/view";
import { rgbFromHex } from "./colour";
import { confidenceRamp, NUM_PALETTE, shownColour, UNLABELLED_DARK, UNLABELLED_LIGHT } from "./palette";

export const NUM_CLASS_ENTRIES = 223;
export const RAMP_START = 224;
const RAMP_STEPS = NUM_PALETTE - RAMP_START;
/** Strength of the border around a thumbnail. */
const BORDER_ALPHA = 255;
const NO_BORDER = 0;

/** Palette entry per class id. More classes than entries share entries. */
export function classEntries(classes: readonly Pick<LabelClass, "id">[]): Map<number, number> {
  return new Map(classes.map((entry, at) => [entry.id, 1 + (at % NUM_CLASS_ENTRIES)]));
}

export interface ColourInput {
  numImages: number;
  colourBy: ColourBy;
  /** (<= N) class ids, 0 = none. */
  labels: Int32Array;
  /** (N) class ids; null before the first model. */
  predictions: Int32Array | null;
  /** (N) probability times 255; null before the first model. */
  confidence: Uint8Array | null;
  entries: ReadonlyMap<number, number>;
}

/** (N) palette entry per image. */
export function colourImages({
  numImages,
  colourBy,
  labels,
  predictions,
  confidence,
  entries,
}: ColourInput): Uint8Array {
  const colours = new Uint8Array(numImages);
  if (colourBy === "confidence" && confidence && predictions) {
    for (let index = 0; index < numImages; index += 1) {
      if (predictions[index] !== 0) colours[index] = rampEntry(confidence[index]);
    }
    return colours;
  }
  const classIds = colourBy === "prediction" && predictions ? predictions : labels;
  const count = Math.min(numImages, classIds.length);
  for (let index = 0; index < count; index += 1) colours[index] = entries.get(classIds[index]) ?? 0;
  return colours;
}

/** Entry of a confidence code 0..255. */
export function rampEntry(code: number): number {
  return RAMP_START + Math.min(RAMP_STEPS - 1, Math.floor((code * RAMP_STEPS) / 256));
}

/** (1024) RGBA of the 256 entries, as drawn on `background`. */
export function buildPalette(
  classes: readonly Pick<LabelClass, "colour">[],
  { background, isDark }: { background: string; isDark: boolean },
): Uint8Array {
  const rgba = new Uint8Array(4 * NUM_PALETTE);
  setEntry(rgba, 0, isDark ? UNLABELLED_DARK : UNLABELLED_LIGHT, NO_BORDER);
  for (const [at, { colour }] of classes.slice(0, NUM_CLASS_ENTRIES).entries()) {
    setEntry(rgba, 1 + at, shownColour(colour, background), BORDER_ALPHA);
  }
  const ramp = confidenceRamp(isDark).map(rgbFromHex);
  for (let step = 0; step < RAMP_STEPS; step += 1) {
    const place = (step * (ramp.length - 1)) / (RAMP_STEPS - 1);
    const [from, to] = [ramp[Math.floor(place)], ramp[Math.ceil(place)]];
    const share = place - Math.floor(place);
    for (let channel = 0; channel < 3; channel += 1) {
      const value = from[channel] + share * (to[channel] - from[channel]);
      rgba[4 * (RAMP_START + step) + channel] = Math.round(255 * value);
    }
    rgba[4 * (RAMP_START + step) + 3] = BORDER_ALPHA;
  }
  return rgba;
}

function setEntry(rgba: Uint8Array, entry: number, colour: string, alpha: number): void {
  rgba.set([...rgbFromHex(colour).map((value) => Math.round(255 * value)), alpha], 4 * entry);
}
