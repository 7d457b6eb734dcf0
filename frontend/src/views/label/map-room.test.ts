import { expect, test } from "vitest";
import { FIT_MARGIN_PX, roomOf, splitAt } from "./map-room";

const size = { width: 1280, height: 800 };
const panels = { top: 60, right: 300, bottom: 100, left: 280 };
const at = (side: "main" | "second", isSplit: boolean) =>
  roomOf(size, panels, { side, isSplit, thumbnailPx: 40 });
const margin = 20 + FIT_MARGIN_PX;

test("one map has the window, less the panels on all sides and half a picture", () => {
  expect(at("main", false)).toEqual({
    width: 1280,
    height: 800,
    insets: { top: 60 + margin, right: 300 + margin, bottom: 100 + margin, left: 280 + margin },
  });
});

test("two maps meet in the middle of the free ground and have equal room", () => {
  const [left, right] = [at("main", true), at("second", true)];
  expect(splitAt(1280, panels)).toBe(630);
  expect([left.width, right.width]).toEqual([630, 650]);
  expect([left.insets.left, left.insets.right]).toEqual([280 + margin, margin]);
  expect([right.insets.left, right.insets.right]).toEqual([margin, 300 + margin]);
  expect(left.width - left.insets.left - left.insets.right).toBe(
    right.width - right.insets.left - right.insets.right,
  );
});
