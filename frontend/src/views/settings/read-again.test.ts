import { expect, test } from "vitest";
import { isWaiting, lastTry } from "./read-again";

const early = { noted_at: "2026-11-21T10:00:05Z" };
const late = { noted_at: "2026-11-21T10:00:05.250000Z" };

test("the last try counts, whichever way its time is written", () => {
  expect(lastTry([late, early])).toBe(Date.parse("2026-11-21T10:00:05.250Z"));
  expect(lastTry([])).toBe(0);
});

test("images wait until each was tried after people asked", () => {
  const asked = lastTry([early]);
  expect(isWaiting([early, late], null)).toBe(false);
  expect(isWaiting([early, late], asked)).toBe(true);
  expect(isWaiting([late], asked)).toBe(false);
  expect(isWaiting([], asked)).toBe(false);
});
