import { expect, test } from "vitest";
import { contrast } from "./colour";
import { CLASS_COLOURS, MIN_CONTRAST, MIN_SEPARATION, nextColour, separation, shownColour } from "./palette";

function firstColours(count: number): string[] {
  const colours: string[] = [];
  while (colours.length < count) colours.push(nextColour(colours));
  return colours;
}

test("the first class gets the first colour and no colour comes twice", () => {
  expect(nextColour([])).toBe(CLASS_COLOURS[0]);
  expect(new Set(firstColours(CLASS_COLOURS.length)).size).toBe(CLASS_COLOURS.length);
});

test("the first eight differ for normal, protanopic and deuteranopic viewers", () => {
  const colours = firstColours(8);
  const smallest = Math.min(
    ...colours.map((colour, at) => separation(colour, [...colours.slice(0, at), ...colours.slice(at + 1)])),
  );
  expect(colours).toEqual(CLASS_COLOURS.slice(0, 8));
  expect(smallest).toBeGreaterThanOrEqual(MIN_SEPARATION);
});

test("used colours are skipped whatever their case", () => {
  expect(nextColour(["#3D8BFD"])).not.toBe("#3d8bfd");
});

test("when the set is used up, a colour is still given", () => {
  expect(CLASS_COLOURS).toContain(nextColour(CLASS_COLOURS));
});

test("every class colour stands out on both themes as drawn", () => {
  for (const background of ["#15171b", "#f3f4f6"]) {
    for (const colour of CLASS_COLOURS) {
      expect(contrast(shownColour(colour, background), background)).toBeGreaterThanOrEqual(MIN_CONTRAST);
    }
  }
});

test("after odd choices of a person, the next colour keeps away from them", () => {
  expect(nextColour(["#3d8bfd", "#f5a000"])).toBe("#0ca678");
});
