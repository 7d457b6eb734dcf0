import { describe, expect, test } from "vitest";
import { codeAtZoom, declutterCodes, NEVER, STEPS_PER_OCTAVE } from "./declutter";

function cloud(numItems: number): Float32Array {
  const positions = new Float32Array(2 * numItems);
  for (let k = 0; k < numItems; k++) {
    positions[2 * k] = 30 * ((k * 0.7548776662) % 1) ** 2;
    positions[2 * k + 1] = 9 * ((k * 0.5698402909) % 1) - 4;
  }
  return positions;
}

function apart(positions: Float32Array, a: number, b: number): number {
  const dx = Math.abs((positions[2 * a] as number) - (positions[2 * b] as number));
  const dy = Math.abs((positions[2 * a + 1] as number) - (positions[2 * b + 1] as number));
  return Math.max(dx, dy);
}

describe("declutterCodes", () => {
  const positions = cloud(700);
  const codes = declutterCodes({ positions, numItems: 700, priorities: null, hidden: null, extent: 30 });

  test.each([8, 16, 24, 40, 56])("squares of the items up to code %i do not overlap", (code) => {
    const side = 30 * 2 ** (-code / STEPS_PER_OCTAVE);
    const shown = Array.from(codes.keys()).filter((item) => (codes[item] as number) <= code);
    let nearest = Infinity;
    for (const a of shown) {
      for (const b of shown) if (a < b) nearest = Math.min(nearest, apart(positions, a, b));
    }
    expect(shown.length).toBeGreaterThan(1);
    expect(nearest).toBeGreaterThanOrEqual(side * (1 - 1e-6));
  });

  test("leaves no large gaps: whoever is left out has a shown neighbour within two sides", () => {
    const code = 32;
    const side = 30 * 2 ** (-code / STEPS_PER_OCTAVE);
    const items = Array.from(codes.keys());
    const shown = items.filter((item) => (codes[item] as number) <= code);
    const isCovered = (item: number) => shown.some((other) => apart(positions, item, other) < 2 * side);
    expect(shown.length).toBeGreaterThan(20);
    expect(items.every(isCovered)).toBe(true);
  });

  test("everything with a place of its own gets its turn", () => {
    expect(Math.max(...codes)).toBeLessThan(NEVER);
  });
});

test("the higher priority is shown first", () => {
  const positions = new Float32Array([0, 0, 1, 0, 0, 1, 8, 3]);
  const codes = declutterCodes({
    positions,
    numItems: 4,
    priorities: new Uint8Array([0, 0, 9, 0]),
    hidden: null,
    extent: 8,
  });
  expect(codes[2]).toBeLessThan(Math.min(codes[0] as number, codes[1] as number));
});

test("two items at one place: the second never has room; without a place, never", () => {
  const positions = new Float32Array([1, 1, 1, 1, Number.NaN, Number.NaN]);
  const codes = declutterCodes({
    positions,
    numItems: 3,
    priorities: new Uint8Array([5, 4, 9]),
    hidden: null,
    extent: 1,
  });
  expect(codes[0]).toBeLessThan(NEVER);
  expect(codes[1]).toBe(NEVER);
  expect(codes[2]).toBe(NEVER);
});

test("a hidden item takes no room, so that its neighbours come out as if it were not there", () => {
  const positions = new Float32Array([0, 0, 1, 0, 0, 1, 8, 3]);
  const priorities = new Uint8Array([0, 0, 9, 0]);
  const codes = declutterCodes({
    positions,
    numItems: 4,
    priorities,
    hidden: new Uint8Array([0, 1, 1, 0]),
    extent: 8,
  });
  // Items 0 and 3 are 8 apart, but no code promises more than a clearance of half the extent.
  expect([...codes]).toEqual([8, NEVER, NEVER, 8]);
});

test("a layout far from zero is spaced like the same layout at zero", () => {
  const near = new Float32Array([0, 0, 1, 0, 2, 1, 0.5, 4, 4, 4]);
  const far = near.map((value) => value + 4096);
  const codes = (positions: Float32Array) =>
    declutterCodes({ positions, numItems: 5, priorities: null, hidden: null, extent: 4 });
  expect(codes(far)).toEqual(codes(near));
});

test("codeAtZoom is the last code whose squares are as large as the spacing", () => {
  // 10 world units at zoom 64 are 640 px: four octaves above 40 px.
  expect(codeAtZoom(64, 10, 40)).toBe(4 * STEPS_PER_OCTAVE);
  expect(codeAtZoom(63, 10, 40)).toBe(4 * STEPS_PER_OCTAVE - 1);
  expect(codeAtZoom(1, 10, 40)).toBe(-1);
});
