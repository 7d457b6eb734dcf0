/** The log in words, and its days as bars. */
import type { ActivityItem, AnnotatorSpeed } from "../api/types";
import { formatPlural } from "./format";

const GESTURES: Readonly<Record<string, string>> = {
  lasso: "lasso",
  box: "box",
  click: "click",
  grid: "grid",
  keyboard: "keyboard",
  import: "import",
  api: "a program",
  merge: "merged classes",
};

/** "labelled 24 images gull"; the class is named apart, for its colour. */
export function actionWords(item: Pick<ActivityItem, "kind" | "num_images" | "undoes">): string {
  const images = formatPlural(item.num_images, "image");
  if (item.kind === "assign") return `labelled ${images}`;
  if (item.kind === "clear") return `took the label of ${images}`;
  if (item.kind === "undo") return `took back #${item.undoes ?? "?"} on ${images}`;
  return `did #${item.undoes ?? "?"} again on ${images}`;
}

export function gestureWords(gesture: string): string {
  return GESTURES[gesture] ?? gesture;
}

export interface DayBar {
  /** As 2026-11-21. */
  day: string;
  total: number;
  /** By annotator, in the order of `speeds`. */
  parts: number[];
}

/** The last `numDays` days up to the last with labels, days without any among them. */
export function dayBars(speeds: readonly AnnotatorSpeed[], numDays: number): DayBar[] {
  const days = speeds.flatMap((speed) => speed.days.map(({ day }) => day)).sort();
  const last = days.at(-1);
  if (last === undefined) return [];
  return Array.from({ length: numDays }, (_, at) => {
    const date = new Date(`${last}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - (numDays - 1 - at));
    const day = date.toISOString().slice(0, 10);
    const parts = speeds.map((speed) => speed.days.find((entry) => entry.day === day)?.num_labels ?? 0);
    return { day, parts, total: parts.reduce((sum, part) => sum + part, 0) };
  });
}

/** 45 -> "45 s", 600 -> "10 min", 9000 -> "2.5 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** What Krippendorff's alpha says, in the usual words: 0.8 reliable, 0.667 for tentative conclusions. */
export function alphaWords(alpha: number | null): string {
  if (alpha === null) return "too few labels to tell";
  if (alpha >= 0.8) return "reliable";
  return alpha >= 0.667 ? "fair; look at the disagreements" : "low; agree on what the classes mean";
}
