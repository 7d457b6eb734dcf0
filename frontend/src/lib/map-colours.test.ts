import { expect, test } from "vitest";
import {
  buildPalette,
  type ColourInput,
  classEntries,
  colourImages,
  RAMP_START,
  rampEntry,
} from "./map-colours";

const input: ColourInput = {
  numImages: 4,
  colourBy: "label",
  labels: Int32Array.of(0, 30, 20),
  predictions: Int32Array.of(20, 30, 30, 0),
  confidence: Uint8Array.of(255, 0, 128, 0),
  entries: classEntries([{ id: 20 }, { id: 30 }]),
};

test("labels and predictions take the entry of their class; images without labels at hand have none", () => {
  expect([...colourImages(input)]).toEqual([0, 2, 1, 0]);
  expect([...colourImages({ ...input, colourBy: "prediction" })]).toEqual([1, 2, 2, 0]);
});

test("confidence takes the ramp; what is not predicted has no colour", () => {
  expect([...colourImages({ ...input, colourBy: "confidence" })]).toEqual([255, 224, 240, 0]);
  expect([0, 7, 8, 255].map(rampEntry)).toEqual([224, 224, 225, 255]);
});

test("without a model every colouring is by label", () => {
  const before = { ...input, predictions: null, confidence: null };
  expect([...colourImages({ ...before, colourBy: "prediction" })]).toEqual([0, 2, 1, 0]);
  expect([...colourImages({ ...before, colourBy: "confidence" })]).toEqual([0, 2, 1, 0]);
});

test("more classes than entries share entries, and archived classes have none", () => {
  const many = classEntries(Array.from({ length: 224 }, (_, id) => ({ id })));
  expect([many.get(0), many.get(222), many.get(223)]).toEqual([1, 223, 1]);
  expect([...colourImages({ ...input, entries: new Map([[20, 1]]) })]).toEqual([0, 0, 1, 0]);
});

test("the palette holds the unlabelled grey without border, classes, and the ramp's ends", () => {
  const palette = buildPalette([{ colour: "#3d8bfd" }], { background: "#131519", isDark: true });
  expect(palette).toHaveLength(1024);
  expect([...palette.subarray(0, 8)]).toEqual([0x6b, 0x72, 0x7d, 0, 0x3d, 0x8b, 0xfd, 255]);
  expect([...palette.subarray(4 * RAMP_START, 4 * RAMP_START + 4)]).toEqual([0x5a, 0x2a, 0x83, 255]);
  expect([...palette.subarray(1020)]).toEqual([0xf7, 0xee, 0x7f, 255]);
});
