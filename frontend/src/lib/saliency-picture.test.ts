import { expect, test } from "vitest";
import { saliencyPixels } from "./saliency-picture";

test("the strongest place is hot and opaque, the weakest is not drawn", () => {
  const pixels = saliencyPixels(Uint8Array.of(0, 255, 64));
  expect([...pixels.subarray(4, 8)]).toEqual([255, 245, 150, 255]);
  expect(pixels[3]).toBe(0);
  expect(pixels[11]).toBe(Math.round(255 * Math.sqrt(64 / 255)));
});

test("colours go through the ramp", () => {
  const pixels = saliencyPixels(Uint8Array.of(Math.round(255 * 0.35), Math.round(255 * 0.65)));
  expect(Math.abs(pixels[0] - 150)).toBeLessThan(3);
  expect(Math.abs(pixels[4] - 240)).toBeLessThan(3);
});
