import { describe, expect, test } from "vitest";
import { cellBytes, decodeCell } from "./bc1";

const RED = 0xf800;
const BLUE = 0x001f;

function block(first: number, second: number, codes: readonly number[]): number[] {
  const bytes = [first & 255, first >> 8, second & 255, second >> 8];
  for (let row = 0; row < 4; row++) {
    bytes.push(codes.slice(4 * row, 4 * row + 4).reduce((sum, code, k) => sum | (code << (2 * k)), 0));
  }
  return bytes;
}

const pixel = (pixels: Uint8Array, cellPx: number, x: number, y: number) => [
  ...pixels.subarray((y * cellPx + x) * 4, (y * cellPx + x) * 4 + 4),
];

describe("decodeCell", () => {
  test("mixes by thirds when the first colour is larger, lowest bits first", () => {
    const cell = new Uint8Array(block(RED, BLUE, [0, 1, 2, 3, ...Array<number>(12).fill(0)]));
    const pixels = decodeCell(cell, 4);
    expect(pixel(pixels, 4, 0, 0)).toEqual([255, 0, 0, 255]);
    expect(pixel(pixels, 4, 1, 0)).toEqual([0, 0, 255, 255]);
    expect(pixel(pixels, 4, 2, 0)).toEqual([170, 0, 85, 255]);
    expect(pixel(pixels, 4, 3, 0)).toEqual([85, 0, 170, 255]);
    expect(pixel(pixels, 4, 3, 3)).toEqual([255, 0, 0, 255]);
  });

  test("has a middle colour and an opaque black otherwise", () => {
    const cell = new Uint8Array(block(BLUE, RED, [2, 3, ...Array<number>(14).fill(1)]));
    const pixels = decodeCell(cell, 4);
    expect(pixel(pixels, 4, 0, 0)).toEqual([128, 0, 128, 255]);
    expect(pixel(pixels, 4, 1, 0)).toEqual([0, 0, 0, 255]);
    expect(pixel(pixels, 4, 2, 0)).toEqual([255, 0, 0, 255]);
  });

  test("puts the blocks row by row", () => {
    const colours = [RED, BLUE, 0x07e0, 0xffff];
    const cell = new Uint8Array(colours.flatMap((colour) => block(colour, 0, Array<number>(16).fill(0))));
    const pixels = decodeCell(cell, 8);
    expect(pixel(pixels, 8, 3, 3)).toEqual([255, 0, 0, 255]);
    expect(pixel(pixels, 8, 4, 0)).toEqual([0, 0, 255, 255]);
    expect(pixel(pixels, 8, 0, 4)).toEqual([0, 255, 0, 255]);
    expect(pixel(pixels, 8, 7, 7)).toEqual([255, 255, 255, 255]);
  });

  test("rejects a cell of the wrong size", () => {
    expect(cellBytes(16)).toBe(128);
    expect(cellBytes(64)).toBe(2048);
    expect(() => decodeCell(new Uint8Array(100), 16)).toThrow("cell of 16 px holds 100 bytes, expected 128");
  });
});
