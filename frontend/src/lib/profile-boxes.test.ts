import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { boxFromProfile, packProfiles, texelsPerProfile } from "./profile-boxes";

/** Codes whose squares are in the proportions of the marginals. */
function codesOf(x: number[], y: number[]): Uint8Array {
  return new Uint8Array([x, y].flatMap((p) => p.map((v) => Math.round(255 * Math.sqrt(v / Math.max(...p))))));
}

const point = (at: number, length = 7) => Array.from({ length }, (_, k) => (k === at ? 1 : 0));
const flat = Array.from({ length: 7 }, () => 1);

describe("boxFromProfile", () => {
  test.each([
    ["all ones", flat, flat, 0.95, [0.025, 0.025, 0.975, 0.975]],
    ["the middle cell", point(3), point(3), 0.5, [0.458158, 0.458158, 0.541842, 0.541842]],
    ["the middle cell", point(3), point(3), 0.95, [0.389087, 0.389087, 0.610913, 0.610913]],
    ["the middle cell", point(3), point(3), 0.99, [0.371429, 0.371429, 0.628571, 0.628571]],
    ["row 0, column 6", point(6), point(0), 0.95, [0.817658, 0.003571, 0.996429, 0.182342]],
  ])("matches the closed form by hand for %s", (_name, x, y, retention, expected) => {
    const box = boxFromProfile(codesOf(x, y), 7, 7, retention);
    box.forEach((edge, k) => {
      expect(edge).toBeCloseTo(expected[k] as number, 5);
    });
  });

  test("takes the tight box where a marginal has a gap", () => {
    // Masses 3 and 1: with 25 % cut off the upper end, the edge is where the gap begins.
    const codes = new Uint8Array([0, 255, 0, 0, 147, 0, 0, 255, 255]);
    const [x1, , x2] = boxFromProfile(codes, 2, 7, 0.5);
    const mass = 255 ** 2 + 147 ** 2;
    expect(x1).toBeGreaterThan(0.188);
    expect(x2).toBeLessThanOrEqual(2.5 / 7 + 1e-3);
    expect(147 ** 2 / mass).toBeLessThan(0.25);
  });

  test("reads x from the first codes and y from the last, in a profile that is not square", () => {
    const codes = new Uint8Array([255, 0, 0, 0, 0, 0, 255, 255]);
    const box = boxFromProfile(codes, 3, 5, 1);
    expect(box[0]).toBe(0);
    expect(box[2]).toBeCloseTo(1.5 / 5, 9);
    expect(box[1]).toBeCloseTo(0.5 / 3, 9);
    expect(box[3]).toBe(1);
  });

  test("mirrors with the profile", () => {
    const codes = new Uint8Array([10, 200, 90, 0, 30, 255, 0]);
    const mirrored = new Uint8Array([0, 90, 200, 10, 0, 255, 30]);
    for (const retention of [0.5, 0.8, 0.95, 0.99]) {
      const [x1, y1, x2, y2] = boxFromProfile(codes, 3, 4, retention);
      const box = boxFromProfile(mirrored, 3, 4, retention);
      expect(box[0]).toBeCloseTo(1 - x2, 12);
      expect(box[2]).toBeCloseTo(1 - x1, 12);
      expect(box[1]).toBeCloseTo(1 - y2, 12);
      expect(box[3]).toBeCloseTo(1 - y1, 12);
    }
  });

  test("a larger retention contains a smaller one", () => {
    const codes = new Uint8Array([0, 12, 255, 80, 3, 44, 130, 90, 0]);
    let [x1, y1, x2, y2] = boxFromProfile(codes, 4, 5, 0.5);
    for (let retention = 0.51; retention <= 1; retention += 0.01) {
      const box = boxFromProfile(codes, 4, 5, retention);
      expect(box[0]).toBeLessThanOrEqual(x1);
      expect(box[1]).toBeLessThanOrEqual(y1);
      expect(box[2]).toBeGreaterThanOrEqual(x2);
      expect(box[3]).toBeGreaterThanOrEqual(y2);
      [x1, y1, x2, y2] = box;
    }
  });

  test("an all-zero marginal gives the whole picture", () => {
    expect(boxFromProfile(new Uint8Array([0, 0, 0, 9, 9]), 2, 3, 0.9)).toEqual([0, 0, 1, 1]);
    expect(boxFromProfile(new Uint8Array([1, 2, 3, 0, 0]), 2, 3, 0.9)).toEqual([0, 0, 1, 1]);
  });

  test.each([0, -0.1, 1.01, Number.NaN])("rejects the retention %s with its value", (retention) => {
    expect(() => boxFromProfile(new Uint8Array(5), 2, 3, retention)).toThrow(`retention is ${retention}`);
  });

  test("rejects an array that is too short", () => {
    expect(() => boxFromProfile(new Uint8Array(9), 2, 3, 0.9, 5)).toThrow(
      "profile needs 5 codes at 5, the array holds 9",
    );
  });
});

/** Written by the Python side of the same formula; both must agree on it. */
interface ConformanceTable {
  readonly retentions: readonly number[];
  readonly tolerance: number;
  readonly cases: readonly {
    readonly name: string;
    readonly codes: readonly number[];
    readonly height: number;
    readonly width: number;
    readonly boxes: readonly (readonly number[])[];
  }[];
}

const tablePath = fileURLToPath(new URL("../../../tests/contract/profile_boxes.json", import.meta.url));
const table = JSON.parse(readFileSync(tablePath, "utf8")) as ConformanceTable;

describe("the table of boxes shared with the server", () => {
  test.each(table.cases.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    table.retentions.forEach((retention, k) => {
      const box = boxFromProfile(new Uint8Array(each.codes), each.height, each.width, retention);
      box.forEach((edge, side) => {
        expect(Math.abs(edge - (each.boxes[k]?.[side] as number))).toBeLessThanOrEqual(table.tolerance);
      });
    });
  });

  test("has cases that are not square", () => {
    expect(table.cases.some(({ height, width }) => height !== width)).toBe(true);
  });
});

describe("packProfiles", () => {
  test("pads each profile to whole texels", () => {
    const packed = new Uint8Array(16);
    packProfiles(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 2, 3, packed);
    expect(texelsPerProfile(2, 3)).toBe(2);
    expect([...packed]).toEqual([1, 2, 3, 4, 5, 0, 0, 0, 6, 7, 8, 9, 10, 0, 0, 0]);
  });

  test("copies profiles that already fill their texels", () => {
    const packed = new Uint8Array(8);
    packProfiles(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), 1, 3, packed);
    expect([...packed]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("rejects codes that are not whole profiles", () => {
    expect(() => packProfiles(new Uint8Array(7), 2, 3, new Uint8Array(16))).toThrow("7 codes of 5 each");
  });
});
