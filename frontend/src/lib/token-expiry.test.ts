import { expect, test } from "vitest";
import { expiryOf } from "./token-expiry";

const NOW = new Date("2026-02-27T12:00:00Z");

test("a week later, over the end of a month", () => {
  expect(expiryOf("7", NOW)).toBe("2026-03-06T12:00:00.000Z");
});

test("a year later", () => {
  expect(expiryOf("365", NOW)).toBe("2027-02-27T12:00:00.000Z");
});

test("never", () => {
  expect(expiryOf("never", NOW)).toBeNull();
});
