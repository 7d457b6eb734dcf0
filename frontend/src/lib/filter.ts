/** Which images a person looks at: what is asked of them, and the mask of those that do not pass. */
import type { RemovedMask } from "./removed";

/** any; one: only one person gave a class; agree: all the same; disagree: not all the same. */
export type Agreement = "any" | "one" | "agree" | "disagree";
/** any; same: the label is what the model predicts; other: it is not. */
export type ModelSays = "any" | "same" | "other";

export interface Filter {
  /** Class ids, 0 = no label; empty: any. */
  readonly labels: readonly number[];
  /** Class ids, 0 = not predicted yet; empty: any. */
  readonly predictions: readonly number[];
  /** Percent of the predicted class, both ends included. */
  readonly confidence: readonly [low: number, high: number];
  /** Ids of those who gave the label that counts; empty: anybody. */
  readonly annotators: readonly number[];
  readonly agreement: Agreement;
  readonly modelSays: ModelSays;
  /** Words that the path must hold. */
  readonly text: string;
  /** Bounds of the shorter side in pixels; null: none. */
  readonly sidePx: readonly [low: number | null, high: number | null];
  /** Days in the reader's time zone as 2026-11-21, both included; "": no bound. */
  readonly added: readonly [from: string, to: string];
  /** Import ids; empty: any. */
  readonly imports: readonly number[];
}

export const NO_FILTER: Filter = {
  labels: [],
  predictions: [],
  confidence: [0, 100],
  annotators: [],
  agreement: "any",
  modelSays: "any",
  text: "",
  sidePx: [null, null],
  added: ["", ""],
  imports: [],
};

export type FilterKey = keyof Filter;

const isSet: { readonly [K in FilterKey]: (value: Filter[K]) => boolean } = {
  labels: (value) => value.length > 0,
  predictions: (value) => value.length > 0,
  confidence: ([low, high]) => low > 0 || high < 100,
  annotators: (value) => value.length > 0,
  agreement: (value) => value !== "any",
  modelSays: (value) => value !== "any",
  text: (value) => value.trim() !== "",
  sidePx: ([low, high]) => low !== null || high !== null,
  added: ([from, to]) => from !== "" || to !== "",
  imports: (value) => value.length > 0,
};

function isKeySet<K extends FilterKey>(filter: Filter, key: K): boolean {
  return isSet[key](filter[key]);
}

/** What the filter asks for. */
export function setKeys(filter: Filter): FilterKey[] {
  return (Object.keys(NO_FILTER) as FilterKey[]).filter((key) => isKeySet(filter, key));
}

export const needsLabelFacts = (filter: Filter): boolean =>
  isKeySet(filter, "annotators") || isKeySet(filter, "agreement");

export const needsImageFacts = (filter: Filter): boolean =>
  isKeySet(filter, "sidePx") || isKeySet(filter, "added") || isKeySet(filter, "imports");

/** Columns of N numbers; what is null is not known (yet), and what asks for it lets every image pass. */
export interface FilterData {
  numImages: number;
  /** Never pass. */
  removed: RemovedMask;
  labels: Int32Array;
  predictions: Int32Array | null;
  /** Probability of the predicted class times 255. */
  confidence: Uint8Array | null;
  annotatorIds: Int32Array | null;
  numAnnotators: Int32Array | null;
  numAgreeing: Int32Array | null;
  width_px: Int32Array | null;
  height_px: Int32Array | null;
  importIds: Int32Array | null;
  addedAt_s: Int32Array | null;
  /** Indexes whose path holds the words. */
  found: Int32Array | null;
}

type Test = (index: number) => boolean;

/** (N) 1 where an image does not pass; null when all do, because nothing is asked and none was removed. */
export function filterMask(filter: Filter, data: FilterData): Uint8Array | null {
  const tests = [...labelTests(filter, data), ...modelTests(filter, data), ...fileTests(filter, data)];
  if (tests.length === 0) return data.removed;
  const mask = data.removed?.slice() ?? new Uint8Array(data.numImages);
  for (let index = 0; index < mask.length; index += 1) {
    if (!tests.every((passes) => passes(index))) mask[index] = 1;
  }
  return mask;
}

export function countPassing(mask: Uint8Array | null, numImages: number): number {
  if (!mask) return numImages;
  let count = 0;
  for (const isOut of mask) if (isOut === 0) count += 1;
  return count;
}

function labelTests(filter: Filter, data: FilterData): Test[] {
  const { labels, annotatorIds, numAnnotators, numAgreeing } = data;
  const tests: Test[] = [];
  if (isKeySet(filter, "labels")) {
    const wanted = new Set(filter.labels);
    tests.push((index) => wanted.has(labels[index] ?? 0));
  }
  if (isKeySet(filter, "annotators") && annotatorIds) {
    const wanted = new Set(filter.annotators);
    tests.push((index) => wanted.has(annotatorIds[index] ?? 0));
  }
  if (numAnnotators && numAgreeing) {
    const agrees = (index: number) => numAgreeing[index] === numAnnotators[index];
    if (filter.agreement === "one") tests.push((index) => numAnnotators[index] === 1);
    if (filter.agreement === "agree") tests.push((index) => numAnnotators[index] > 1 && agrees(index));
    if (filter.agreement === "disagree") tests.push((index) => numAnnotators[index] > 1 && !agrees(index));
  }
  return tests;
}

function modelTests(filter: Filter, { labels, predictions, confidence }: FilterData): Test[] {
  const tests: Test[] = [];
  if (!predictions || !confidence) return tests;
  if (isKeySet(filter, "predictions")) {
    const wanted = new Set(filter.predictions);
    tests.push((index) => wanted.has(predictions[index] ?? 0));
  }
  if (isKeySet(filter, "confidence")) {
    const [low, high] = filter.confidence.map((percent) => (255 * percent) / 100);
    tests.push((index) => predictions[index] !== 0 && confidence[index] >= low && confidence[index] <= high);
  }
  if (filter.modelSays !== "any") {
    const isSame = filter.modelSays === "same";
    tests.push((index) => {
      const label = labels[index] ?? 0;
      return label !== 0 && predictions[index] !== 0 && (label === predictions[index]) === isSame;
    });
  }
  return tests;
}

function fileTests(filter: Filter, data: FilterData): Test[] {
  const { width_px, height_px, importIds, addedAt_s, found } = data;
  const tests: Test[] = [];
  if (isKeySet(filter, "text") && found) {
    const wanted = new Set(found);
    tests.push((index) => wanted.has(index));
  }
  if (isKeySet(filter, "sidePx") && width_px && height_px) {
    const low = filter.sidePx[0] ?? 0;
    const high = filter.sidePx[1] ?? Number.POSITIVE_INFINITY;
    tests.push((index) => {
      const side = Math.min(width_px[index] ?? 0, height_px[index] ?? 0);
      return side >= low && side <= high;
    });
  }
  if (isKeySet(filter, "imports") && importIds) {
    const wanted = new Set(filter.imports);
    tests.push((index) => wanted.has(importIds[index] ?? 0));
  }
  if (isKeySet(filter, "added") && addedAt_s) {
    const [from, to] = addedSeconds(filter.added);
    tests.push((index) => (addedAt_s[index] ?? 0) >= from && (addedAt_s[index] ?? 0) < to);
  }
  return tests;
}

/** Seconds since 1970 from the start of the first day to the end of the last, in the reader's time zone. */
function addedSeconds([from, to]: Filter["added"]): [number, number] {
  const start = from ? new Date(`${from}T00:00:00`).getTime() / 1000 : 0;
  const end = to ? new Date(`${to}T00:00:00`) : null;
  end?.setDate(end.getDate() + 1);
  return [start, end ? end.getTime() / 1000 : Number.POSITIVE_INFINITY];
}
