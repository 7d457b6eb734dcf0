import { expect, test } from "vitest";
import { type Filter, NO_FILTER } from "./filter";
import { type LinkedLook, readView, writeView } from "./view-link";

const defaults: LinkedLook = {
  layout: "whole",
  colourBy: "label",
  colourClassId: null,
  display: "auto",
  retention: 1,
};

const filter: Filter = {
  labels: [3, 0],
  predictions: [5],
  confidence: [10, 90],
  annotators: [2, 4],
  agreement: "disagree",
  modelSays: "other",
  text: "sea gull",
  sidePx: [null, 300],
  added: ["2026-11-01", ""],
  imports: [8],
};

test("a link opens the same view", () => {
  const look = { layout: "crop", colourBy: "confidence", display: "dots", retention: 0.85 };
  const sight = { x: 1.5, y: -2.25, span: 0.5 };
  const written = writeView({ look, filter, hidesRest: true, sight }, defaults);
  expect(readView(written)).toEqual({ look, filter, hidesRest: true, sight });
});

test("the class of a colouring by probability is in the link, of another colouring it is not", () => {
  const view = { filter: NO_FILTER, hidesRest: false, sight: null };
  const look = { ...defaults, colourBy: "probability", colourClassId: 12 };
  expect(writeView({ ...view, look }, defaults)).toBe("colour=probability&of=12");
  expect(writeView({ ...view, look: { ...look, colourBy: "age" } }, defaults)).toBe("colour=age");
  expect(readView("colour=probability&of=12").look).toEqual({ colourBy: "probability", colourClassId: 12 });
});

test("a view at its defaults leaves the address bare, and a bare address is no view", () => {
  const bare = { filter: NO_FILTER, hidesRest: false, sight: null };
  expect(writeView({ ...bare, look: defaults }, defaults)).toBe("");
  expect(readView("")).toEqual({ ...bare, look: {} });
});

test("an address reads like what it says", () => {
  const changed = { ...NO_FILTER, labels: [3, 0], confidence: [0, 60] as const, text: "sea gull" };
  expect(writeView({ look: defaults, filter: changed, hidesRest: false, sight: null }, defaults)).toBe(
    "label=3,0&confidence=0..60&path=sea+gull",
  );
});

test("what is not valid is passed over", () => {
  const read = readView(
    "label=3,x,-1&confidence=a..400&agreement=perhaps&added=yesterday..2026-02-03&px=..&crop=big",
  );
  expect(read.filter.labels).toEqual([3]);
  expect(read.filter.confidence).toEqual([0, 100]);
  expect(read.filter.agreement).toBe("any");
  expect(read.filter.added).toEqual(["", "2026-02-03"]);
  expect(read.filter.sidePx).toEqual([null, null]);
  expect(read.look).toEqual({});
});
