import { expect, test } from "vitest";
import { type Filter, NO_FILTER } from "./filter";
import { type LinkedLook, readView, writeView } from "./view-link";

const defaults: LinkedLook = { layout: "whole", colourBy: "label", display: "auto", retention: 1 };

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
  const written = writeView({ look, filter, hidesRest: true }, defaults);
  expect(readView(written)).toEqual({ look, filter, hidesRest: true });
});

test("a view at its defaults leaves the address bare, and a bare address is no view", () => {
  expect(writeView({ look: defaults, filter: NO_FILTER, hidesRest: false }, defaults)).toBe("");
  expect(readView("")).toEqual({ look: {}, filter: NO_FILTER, hidesRest: false });
});

test("an address reads like what it says", () => {
  const changed = { ...NO_FILTER, labels: [3, 0], confidence: [0, 60] as const, text: "sea gull" };
  expect(writeView({ look: defaults, filter: changed, hidesRest: false }, defaults)).toBe(
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
