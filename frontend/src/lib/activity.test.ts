import { expect, test } from "vitest";
import type { AnnotatorSpeed } from "../api/types";
import { actionWords, alphaWords, dayBars, formatDuration } from "./activity";

const speed = (annotator: string, days: AnnotatorSpeed["days"]): AnnotatorSpeed => ({
  annotator,
  days,
  num_actions: 1,
  num_given: 1,
  num_undone: 0,
  active_s: 1,
  labels_per_s: 1,
  last_at: null,
});

test("an action is told in words", () => {
  expect(actionWords({ kind: "assign", num_images: 1, undoes: null })).toBe("labelled 1 image");
  expect(actionWords({ kind: "clear", num_images: 2, undoes: null })).toBe("took the label of 2 images");
  expect(actionWords({ kind: "undo", num_images: 2, undoes: 7 })).toBe("took back #7 on 2 images");
  expect(actionWords({ kind: "redo", num_images: 2, undoes: 8 })).toBe("did #8 again on 2 images");
});

test("days end at the last one with labels, across the end of a month, and hold the empty ones", () => {
  const bars = dayBars(
    [
      speed("ann", [{ day: "2026-11-30", num_labels: 5 }]),
      speed("bea", [
        { day: "2026-11-30", num_labels: 2 },
        { day: "2026-12-02", num_labels: 9 },
      ]),
    ],
    3,
  );
  expect(bars).toEqual([
    { day: "2026-11-30", parts: [5, 2], total: 7 },
    { day: "2026-12-01", parts: [0, 0], total: 0 },
    { day: "2026-12-02", parts: [0, 9], total: 9 },
  ]);
  expect(dayBars([], 3)).toEqual([]);
});

test("durations and alpha read well", () => {
  expect([45, 600, 9000].map(formatDuration)).toEqual(["45 s", "10 min", "2.5 h"]);
  expect([null, 0.9, 0.7, 0.2].map((alpha) => alphaWords(alpha).split(";")[0])).toEqual([
    "too few labels to tell",
    "reliable",
    "fair",
    "low",
  ]);
});
