import { expect, test } from "vitest";
import { colourDistance, contrast, type Vision } from "./colour";
import { CLASS_COLOURS, MIN_CONTRAST, shownColour, UNLABELLED_DARK, UNLABELLED_LIGHT } from "./palette";

const DARK = "#15171b";
const LIGHT = "#f3f4f6";

/** Smallest distance of two of the colours, as drawn on the theme where they come closest. */
function separation(colours: readonly string[], vision: Vision): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const background of [DARK, LIGHT]) {
    const shown = colours.map((colour) => shownColour(colour, background));
    shown.forEach((colour, at) => {
      for (const other of shown.slice(0, at))
        smallest = Math.min(smallest, colourDistance(colour, other, vision));
    });
  }
  return smallest;
}

test("no colour comes twice, and none is that of images without a label", () => {
  expect(new Set(CLASS_COLOURS).size).toBe(64);
  for (const grey of [UNLABELLED_DARK, UNLABELLED_LIGHT]) {
    for (const colour of CLASS_COLOURS) expect(colourDistance(colour, grey, "normal")).toBeGreaterThan(4.5);
  }
});

test.each<Vision>(["normal", "protanopia", "deuteranopia"])(
  "the first eight stay apart on both themes with %s",
  (vision) => {
    expect(separation(CLASS_COLOURS.slice(0, 8), vision)).toBeGreaterThan(7);
  },
);

test("the first 24 are told apart at a glance, all of them side by side", () => {
  expect(separation(CLASS_COLOURS.slice(0, 24), "normal")).toBeGreaterThan(9);
  expect(separation(CLASS_COLOURS, "normal")).toBeGreaterThan(4.5);
});

test("every class colour stands out on both themes as drawn", () => {
  for (const background of [DARK, LIGHT]) {
    for (const colour of CLASS_COLOURS) {
      expect(contrast(shownColour(colour, background), background)).toBeGreaterThanOrEqual(MIN_CONTRAST);
    }
  }
});
