import { expect, test } from "vitest";
import {
  buildPalette,
  type ColourInput,
  classEntries,
  colourMap,
  indexesOfLine,
  RAMP_START,
  rampEntry,
} from "./map-colours";

const theme = { background: "#131519", isDark: true };
const input: ColourInput = {
  numImages: 4,
  removed: null,
  colourBy: "label",
  classes: [
    { id: 20, name: "cat", colour: "#3d8bfd" },
    { id: 30, name: "dog", colour: "#f59f00" },
  ],
  labels: Int32Array.of(0, 30, 20),
  predictions: Int32Array.of(20, 30, 30, 0),
  confidence: Uint8Array.of(255, 0, 128, 0),
  facts: {
    annotatorIds: Int32Array.of(0, 7, 9, 7),
    numAnnotators: Int32Array.of(0, 1, 3, 2),
    numAgreeing: Int32Array.of(0, 1, 2, 2),
    labelledAt_s: Int32Array.of(0, 1000, 2000, 1500),
  },
  annotators: new Map([
    [7, "ada"],
    [9, "bo"],
  ]),
  probability: Uint8Array.of(0, 64, 255),
  theme,
};
const coloursBy = (colourBy: ColourInput["colourBy"], changes: Partial<ColourInput> = {}) => [
  ...colourMap({ ...input, colourBy, ...changes }).colours,
];
const keyOf = (colourBy: ColourInput["colourBy"], changes: Partial<ColourInput> = {}) =>
  colourMap({ ...input, colourBy, ...changes }).key.map(({ title, count }) => [title, count]);

test("labels and predictions take the entry of their class; images without labels at hand have none", () => {
  expect(coloursBy("label")).toEqual([0, 2, 1, 0]);
  expect(coloursBy("prediction")).toEqual([1, 2, 2, 0]);
  expect(keyOf("prediction")).toEqual([
    ["cat", 1],
    ["dog", 2],
  ]);
});

test("the key does not count removed images", () => {
  expect(keyOf("prediction", { removed: Uint8Array.of(1, 1, 0, 0) })).toEqual([["dog", 1]]);
});

test("confidence and one class's probability take the ramp; what is not known has no colour", () => {
  expect(coloursBy("confidence")).toEqual([255, 224, 240, 0]);
  expect(coloursBy("probability")).toEqual([224, 232, 255, 0]);
  expect([0, 7, 8, 255].map(rampEntry)).toEqual([224, 224, 225, 255]);
  expect(keyOf("confidence")).toEqual([
    ["0–25 %", 1],
    ["50–75 %", 1],
    ["75–100 %", 1],
  ]);
});

test("disagreement tells labels that the model repeats from those it does not", () => {
  expect(coloursBy("disagreement")).toEqual([0, 1, 2, 0]);
});

test("people have a colour each; agreement tells one person, all and not all", () => {
  expect(coloursBy("annotator")).toEqual([0, 1, 2, 1]);
  expect(keyOf("annotator")).toEqual([
    ["ada", 2],
    ["bo", 1],
  ]);
  expect(coloursBy("agreement")).toEqual([0, 1, 3, 2]);
});

test("age runs from the oldest label to the newest; what has no label has no colour", () => {
  expect(coloursBy("age")).toEqual([0, 224, 255, 240]);
});

test("without the numbers it asks for, every colouring is by label", () => {
  const before = { predictions: null, confidence: null, facts: null, probability: null };
  for (const colourBy of [
    "prediction",
    "confidence",
    "probability",
    "disagreement",
    "annotator",
    "age",
  ] as const)
    expect(coloursBy(colourBy, before)).toEqual([0, 2, 1, 0]);
});

test("a line of the key stands for its images, and its colour is the one they are drawn in", () => {
  const { colours, key, palette } = colourMap({ ...input, colourBy: "prediction" });
  expect([...indexesOfLine(colours, key[1])]).toEqual([1, 2]);
  expect(key[0].colour).toBe(`rgb(${[...palette.subarray(4, 7)].join(" ")})`);
});

test("more classes than entries share entries, and archived classes have none", () => {
  const many = classEntries(Array.from({ length: 224 }, (_, id) => ({ id })));
  expect([many.get(0), many.get(222), many.get(223)]).toEqual([1, 223, 1]);
  expect(coloursBy("label", { classes: [input.classes[0]] })).toEqual([0, 0, 1, 0]);
});

test("the palette holds the unlabelled grey without border, classes, and the ramp's ends", () => {
  const palette = buildPalette([{ colour: "#3d8bfd" }], theme);
  expect(palette).toHaveLength(1024);
  expect([...palette.subarray(0, 8)]).toEqual([0x6b, 0x72, 0x7d, 0, 0x3d, 0x8b, 0xfd, 255]);
  expect([...palette.subarray(4 * RAMP_START, 4 * RAMP_START + 4)]).toEqual([0x5a, 0x2a, 0x83, 255]);
  expect([...palette.subarray(1020)]).toEqual([0xf7, 0xee, 0x7f, 255]);
});
