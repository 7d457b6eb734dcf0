import { expect, test } from "vitest";
import { randomId } from "./uuid";

test("version and variant are set whatever the bytes", () => {
  expect(randomId((bytes) => bytes.fill(0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  expect(randomId((bytes) => bytes.fill(0))).toBe("00000000-0000-4000-8000-000000000000");
});

test("two ids differ", () => {
  expect(randomId()).not.toBe(randomId());
});
