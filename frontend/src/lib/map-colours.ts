/**
 * Colours of the map as palette entries: 0 nothing known, 1..223 categories (classes, people, answers), 224..255 a ramp
 * from low to high. A colouring is the entry of every image, the palette, and the key that says what they mean.
 */
import type { LabelClass } from "../api/types";
import type { ColourBy } from "../state/view";
import { rgbFromHex } from "./colour";
import {
  CLASS_COLOURS,
  confidenceRamp,
  NUM_PALETTE,
  shownColour,
  UNLABELLED_DARK,
  UNLABELLED_LIGHT,
} from "./palette";
import type { RemovedMask } from "./removed";

export const NUM_CLASS_ENTRIES = 223;
export const RAMP_START = 224;
const RAMP_STEPS = NUM_PALETTE - RAMP_START;
/** Parts of the ramp in the key, each of which can be selected. */
export const RAMP_PARTS = 4;
/** Strength of the border around a thumbnail. */
const BORDER_ALPHA = 255;
const NO_BORDER = 0;
const GOOD = "#0ca678";
const BAD = "#ff6b4a";
const ALONE = "#4c8dff";

export interface ColourInput {
  numImages: number;
  /** Count nowhere. */
  removed: RemovedMask;
  colourBy: ColourBy;
  classes: readonly Pick<LabelClass, "id" | "name" | "colour">[];
  /** (<= N) class ids, 0 = none. */
  labels: Int32Array;
  /** (N) class ids, 0 = not predicted; null before the first model. */
  predictions: Int32Array | null;
  /** (N) probability of the predicted class times 255; null before the first model. */
  confidence: Uint8Array | null;
  /** Who labelled, how many, how many agree, and when in seconds since 1970; (<= N) each; null while not read. */
  facts: {
    annotatorIds: Int32Array;
    numAnnotators: Int32Array;
    numAgreeing: Int32Array;
    labelledAt_s: Int32Array;
  } | null;
  /** User name by id. */
  annotators: ReadonlyMap<number, string>;
  /** (N) probability of the chosen class times 255; null while not read. */
  probability: Uint8Array | null;
  theme: { background: string; isDark: boolean };
}

/** One line of the key: images with an entry from `first` to `last` mean this. */
export interface KeyLine {
  readonly title: string;
  readonly first: number;
  readonly last: number;
  /** As drawn. */
  readonly colour: string;
  readonly count: number;
}

export interface Colouring {
  /** (N) palette entries. */
  readonly colours: Uint8Array;
  /** (1024) RGBA. */
  readonly palette: Uint8Array;
  readonly key: readonly KeyLine[];
}

interface Category {
  readonly title: string;
  readonly colour: string;
}

interface Scheme {
  readonly categories: readonly Category[];
  /** Titles of the ramp's parts, low to high; none without a ramp. */
  readonly ramp: readonly string[];
  readonly entryOf: (index: number) => number;
}

const PERCENT_PARTS = ["0–25 %", "25–50 %", "50–75 %", "75–100 %"];

/** Entries, palette and key of one way to colour the map. */
export function colourMap(input: ColourInput): Colouring {
  const { categories, ramp, entryOf } = schemeOf(input);
  const colours = new Uint8Array(input.numImages);
  const counts = new Uint32Array(NUM_PALETTE);
  for (let index = 0; index < input.numImages; index += 1) {
    const entry = entryOf(index);
    colours[index] = entry;
    if (!input.removed?.[index]) counts[entry] += 1;
  }
  const palette = buildPalette(categories, input.theme);
  const countOf = (first: number, last: number) =>
    counts.subarray(first, last + 1).reduce((sum, count) => sum + count, 0);
  const line = (title: string, first: number, last: number): KeyLine => {
    const [red, green, blue] = palette.subarray(4 * Math.floor((first + last) / 2));
    return { title, first, last, colour: `rgb(${red} ${green} ${blue})`, count: countOf(first, last) };
  };
  const part = RAMP_STEPS / RAMP_PARTS;
  const key = [
    ...categories.slice(0, NUM_CLASS_ENTRIES).map(({ title }, at) => line(title, 1 + at, 1 + at)),
    ...ramp.map((title, at) => line(title, RAMP_START + part * at, RAMP_START + part * (at + 1) - 1)),
  ];
  return { colours, palette, key: key.filter(({ count }) => count > 0) };
}

/** Images whose entry is one of a line's. */
export function indexesOfLine(colours: Uint8Array, { first, last }: KeyLine): Uint32Array {
  const found: number[] = [];
  for (let index = 0; index < colours.length; index += 1) {
    if (colours[index] >= first && colours[index] <= last) found.push(index);
  }
  return Uint32Array.from(found);
}

/** Palette entry per class id. More classes than entries share entries. */
export function classEntries(classes: readonly Pick<LabelClass, "id">[]): Map<number, number> {
  return new Map(classes.map((entry, at) => [entry.id, 1 + (at % NUM_CLASS_ENTRIES)]));
}

function schemeOf(input: ColourInput): Scheme {
  const { colourBy, predictions, confidence, facts, probability } = input;
  if (colourBy === "prediction" && predictions) return byClass(input, predictions);
  if (colourBy === "confidence" && predictions && confidence) {
    const entryOf = (index: number) => (predictions[index] ? rampEntry(confidence[index]) : 0);
    return { categories: [], ramp: PERCENT_PARTS, entryOf };
  }
  if (colourBy === "probability" && probability) {
    const isKnown = (index: number) => index < probability.length;
    const entryOf = (index: number) => (isKnown(index) ? rampEntry(probability[index]) : 0);
    return { categories: [], ramp: PERCENT_PARTS, entryOf };
  }
  if (colourBy === "disagreement" && predictions) return byDisagreement(input, predictions);
  if (colourBy === "annotator" && facts) return byAnnotator(input, facts.annotatorIds);
  if (colourBy === "agreement" && facts) return byAgreement(facts);
  if (colourBy === "age" && facts) return byAge(facts.labelledAt_s);
  return byClass(input, input.labels);
}

function byClass({ classes }: ColourInput, classIds: Int32Array): Scheme {
  const entries = classEntries(classes);
  return {
    categories: classes.map(({ name, colour }) => ({ title: name, colour })),
    ramp: [],
    entryOf: (index) => entries.get(classIds[index] ?? 0) ?? 0,
  };
}

/** Labelled images: does the model say the same? */
function byDisagreement({ labels }: ColourInput, predictions: Int32Array): Scheme {
  return {
    categories: [
      { title: "Model says the same", colour: GOOD },
      { title: "Model says another class", colour: BAD },
    ],
    ramp: [],
    entryOf: (index) => {
      const label = labels[index] ?? 0;
      if (label === 0 || !predictions[index]) return 0;
      return label === predictions[index] ? 1 : 2;
    },
  };
}

function byAnnotator({ annotators }: ColourInput, annotatorIds: Int32Array): Scheme {
  const ids = [...annotators.keys()];
  const entries = classEntries(ids.map((id) => ({ id })));
  return {
    categories: ids.map((id, at) => ({
      title: annotators.get(id) ?? `#${id}`,
      colour: CLASS_COLOURS[at % CLASS_COLOURS.length],
    })),
    ramp: [],
    entryOf: (index) => entries.get(annotatorIds[index] ?? 0) ?? 0,
  };
}

function byAgreement({ numAnnotators, numAgreeing }: NonNullable<ColourInput["facts"]>): Scheme {
  return {
    categories: [
      { title: "One person", colour: ALONE },
      { title: "All agree", colour: GOOD },
      { title: "They disagree", colour: BAD },
    ],
    ramp: [],
    entryOf: (index) => {
      const people = numAnnotators[index] ?? 0;
      if (people === 0) return 0;
      if (people === 1) return 1;
      return numAgreeing[index] === people ? 2 : 3;
    },
  };
}

/** Oldest label to newest, evenly in time. */
function byAge(labelledAt_s: Int32Array): Scheme {
  let oldest = Number.POSITIVE_INFINITY;
  let newest = 0;
  for (const at of labelledAt_s) {
    if (at === 0) continue;
    oldest = Math.min(oldest, at);
    newest = Math.max(newest, at);
  }
  const span = Math.max(1, newest - oldest);
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const from = (part: number) => day.format(1000 * (oldest + (span * part) / RAMP_PARTS));
  return {
    categories: [],
    ramp: Array.from({ length: RAMP_PARTS }, (_, part) => `From ${from(part)}`),
    entryOf: (index) => {
      const at = labelledAt_s[index] ?? 0;
      return at === 0 ? 0 : rampEntry(Math.round((255 * (at - oldest)) / span));
    },
  };
}

/** Entry of a code 0..255. */
export function rampEntry(code: number): number {
  return RAMP_START + Math.min(RAMP_STEPS - 1, Math.floor((code * RAMP_STEPS) / 256));
}

/** (1024) RGBA of the 256 entries, as drawn on `background`. */
export function buildPalette(
  categories: readonly Pick<Category, "colour">[],
  { background, isDark }: { background: string; isDark: boolean },
): Uint8Array {
  const rgba = new Uint8Array(4 * NUM_PALETTE);
  setEntry(rgba, 0, isDark ? UNLABELLED_DARK : UNLABELLED_LIGHT, NO_BORDER);
  for (const [at, { colour }] of categories.slice(0, NUM_CLASS_ENTRIES).entries()) {
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
