import { expect, test } from "vitest";
import { countPassing, type Filter, type FilterData, filterMask, NO_FILTER, setKeys } from "./filter";

const noon = (day: string) => new Date(`${day}T12:00:00`).getTime() / 1000;

const data: FilterData = {
  numImages: 4,
  removed: null,
  labels: Int32Array.of(7, 9, 0, 7),
  predictions: Int32Array.of(7, 7, 9, 0),
  confidence: Uint8Array.of(255, 128, 51, 0),
  annotatorIds: Int32Array.of(1, 2, 0, 1),
  numAnnotators: Int32Array.of(2, 3, 0, 1),
  numAgreeing: Int32Array.of(2, 2, 0, 1),
  width_px: Int32Array.of(640, 100, 300, 50),
  height_px: Int32Array.of(480, 400, 200, 60),
  importIds: Int32Array.of(1, 1, 2, 0),
  addedAt_s: Int32Array.of(noon("2026-11-19"), noon("2026-11-20"), noon("2026-11-21"), noon("2026-11-22")),
  found: Int32Array.of(1, 3),
};

const passing = (changes: Partial<Filter>, changed: Partial<FilterData> = {}) => {
  const mask = filterMask({ ...NO_FILTER, ...changes }, { ...data, ...changed });
  return mask && [...mask.keys()].filter((index) => mask[index] === 0);
};

test("a removed image never passes, whatever is asked", () => {
  const removed = Uint8Array.of(1, 0, 0, 0);
  expect(passing({}, { removed })).toEqual([1, 2, 3]);
  expect(passing({ labels: [7] })).toEqual([0, 3]);
  expect(passing({ labels: [7] }, { removed })).toEqual([3]);
  expect([...removed]).toEqual([1, 0, 0, 0]);
});

test("nothing asked is no mask", () => {
  expect(passing({})).toBeNull();
  expect(setKeys(NO_FILTER)).toEqual([]);
});

test("labels and predictions pass by class, none among them", () => {
  expect(passing({ labels: [7] })).toEqual([0, 3]);
  expect(passing({ labels: [0, 9] })).toEqual([1, 2]);
  expect(passing({ predictions: [0, 9] })).toEqual([2, 3]);
});

test("confidence holds both its ends and only what was predicted", () => {
  expect(passing({ confidence: [20, 51] })).toEqual([1, 2]);
  expect(passing({ confidence: [0, 99] })).toEqual([1, 2]);
  expect(passing({ confidence: [100, 100] })).toEqual([0]);
});

test("annotators, agreement and what the model says", () => {
  expect(passing({ annotators: [2] })).toEqual([1]);
  expect(passing({ agreement: "one" })).toEqual([3]);
  expect(passing({ agreement: "agree" })).toEqual([0]);
  expect(passing({ agreement: "disagree" })).toEqual([1]);
  expect(passing({ modelSays: "other" })).toEqual([1]);
  expect(passing({ modelSays: "same" })).toEqual([0]);
});

test("files pass by path, shorter side, import and day, the last day included", () => {
  expect(passing({ text: "gull" })).toEqual([1, 3]);
  expect(passing({ sidePx: [100, 200] })).toEqual([1, 2]);
  expect(passing({ sidePx: [null, 50] })).toEqual([3]);
  expect(passing({ imports: [2] })).toEqual([2]);
  expect(passing({ added: ["2026-11-20", "2026-11-21"] })).toEqual([1, 2]);
  expect(passing({ added: ["2026-11-22", ""] })).toEqual([3]);
});

test("all that is asked must hold", () => {
  expect(passing({ labels: [7], annotators: [1], sidePx: [100, null] })).toEqual([0]);
  expect(setKeys({ ...NO_FILTER, labels: [7], sidePx: [100, null] })).toEqual(["labels", "sidePx"]);
});

test("what is not known yet lets every image pass", () => {
  expect(passing({ annotators: [2], text: "gull" }, { annotatorIds: null, found: null })).toBeNull();
  expect(passing({ predictions: [7] }, { predictions: null })).toBeNull();
});

test("passing images are counted", () => {
  expect(countPassing(Uint8Array.of(1, 0, 0), 3)).toBe(2);
  expect(countPassing(null, 3)).toBe(3);
});
