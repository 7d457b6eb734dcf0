import { expect, test } from "vitest";
import {
  colourDistance,
  contrast,
  hexFromRgb,
  luminance,
  okLabFromRgb,
  readableOn,
  rgbFromHex,
  rgbFromOkLab,
  simulate,
  textOn,
} from "./colour";

test("hex and rgb are inverses and bad hex raises", () => {
  expect(rgbFromHex("#ff0080")).toEqual([1, 0, 128 / 255]);
  expect(hexFromRgb([1, 0, 128 / 255])).toBe("#ff0080");
  expect(hexFromRgb([1.5, -1, 0])).toBe("#ff0000");
  expect(() => rgbFromHex("#fff")).toThrow('"#fff" is not a colour');
});

test("contrast follows WCAG", () => {
  expect(luminance("#ffffff")).toBeCloseTo(1, 10);
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 3);
});

test("OKLab of white is (1, 0, 0) and conversion inverts", () => {
  const [lightness, a, b] = okLabFromRgb([1, 1, 1]);
  expect(lightness).toBeCloseTo(1, 6);
  expect(a).toBeCloseTo(0, 6);
  expect(b).toBeCloseTo(0, 6);
  expect(hexFromRgb(rgbFromOkLab(okLabFromRgb(rgbFromHex("#3d8bfd"))))).toBe("#3d8bfd");
});

test("red and green of one lightness come closer for a deuteranope; greys stay", () => {
  const normal = colourDistance("#b05050", "#5f8a3c", "normal");
  expect(colourDistance("#b05050", "#5f8a3c", "deuteranopia")).toBeLessThan(normal / 2);
  expect(hexFromRgb(simulate(rgbFromHex("#808080"), "protanopia"))).toBe("#808080");
});

test("a colour that stands out stays, one that does not is moved until it does", () => {
  expect(readableOn("#ffe066", "#15171b", 2.4)).toBe("#ffe066");
  const moved = readableOn("#ffe066", "#ffffff", 2.4);
  expect(moved).not.toBe("#ffe066");
  expect(contrast(moved, "#ffffff")).toBeGreaterThanOrEqual(2.4);
});

test("text is black on yellow and white on blue", () => {
  expect(textOn("#ffe066")).toBe("#000000");
  expect(textOn("#1864ab")).toBe("#ffffff");
});
