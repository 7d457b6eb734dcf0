import { expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDate,
  formatInterval,
  formatPercent,
  formatPlural,
  formatPoints,
  formatRate,
  formatTimeLeft,
} from "./format";

test("counts are grouped by three with a thin space", () => {
  expect(formatCount(0)).toBe("0");
  expect(formatCount(999)).toBe("999");
  expect(formatCount(1_234_567)).toBe("1\u2009234\u2009567");
  expect(formatCount(-1200)).toBe("\u22121\u2009200");
});

test("one is singular, the rest plural", () => {
  expect(formatPlural(1, "image")).toBe("1 image");
  expect(formatPlural(0, "image")).toBe("0 images");
  expect(formatPlural(2, "class", "classes")).toBe("2 classes");
});

test("shares become percent, intervals share one unit", () => {
  expect(formatPercent(0.9612)).toBe("96.1\u00a0%");
  expect(formatPercent(1, 0)).toBe("100\u00a0%");
  expect(formatInterval(0.94, 0.976)).toBe("94.0\u201397.6");
});

test("points carry their sign", () => {
  expect(formatPoints(0.023)).toBe("+2.3");
  expect(formatPoints(-0.023)).toBe("\u22122.3");
  expect(formatPoints(0.0001)).toBe("±0.0");
  expect(formatPoints(-0.0001)).toBe("±0.0");
});

test("bytes climb units at a thousand", () => {
  expect(formatBytes(999)).toBe("999\u00a0B");
  expect(formatBytes(1500)).toBe("1.5\u00a0kB");
  expect(formatBytes(999_700)).toBe("1.0\u00a0MB");
  expect(formatBytes(123_456_789)).toBe("123\u00a0MB");
});

test("ages are rounded down and end in a date", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  expect(formatAgo("2026-11-21T11:59:30Z", now)).toBe("just now");
  expect(formatAgo("2026-11-21T11:01:30Z", now)).toBe("58 min ago");
  expect(formatAgo("2026-11-21T09:00:00Z", now)).toBe("3 h ago");
  expect(formatAgo("2026-11-19T09:00:00Z", now)).toBe("2 d ago");
  expect(formatAgo("2026-11-01T12:00:00Z", now)).toBe(formatDate("2026-11-01T12:00:00Z"));
});

test("time left is rounded up in the unit that fits", () => {
  expect(formatTimeLeft(0.2)).toBe("1 s left");
  expect(formatTimeLeft(59)).toBe("59 s left");
  expect(formatTimeLeft(61)).toBe("2 min left");
  expect(formatTimeLeft(5400)).toBe("1.5 h left");
});

test("a rate shows as many digits as one can use", () => {
  expect(formatRate(1234.4)).toBe("1\u2009234 a second");
  expect(formatRate(3.14)).toBe("3.1 a second");
  expect(formatRate(0.02)).toBe("1.2 a minute");
});
