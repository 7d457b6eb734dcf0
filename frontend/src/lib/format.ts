/** Numbers and times for the screen. Always the same locale, so that screens and exports agree. */

const THIN_SPACE = "\u2009";
/** Between a number and its unit: they stay on one line. */
export const NO_BREAK = "\u00a0";
const EN_DASH = "\u2013";
const MINUS = "\u2212";

/** 12345 -> "12 345" with a thin space; negative numbers get a true minus. */
export function formatCount(value: number): string {
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
  return value < 0 ? `${MINUS}${grouped}` : grouped;
}

/** "1 image", "2 images". */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** 0.9612 -> "96.1 %" with a space that does not break. */
export function formatPercent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}${NO_BREAK}%`;
}

/** (0.94, 0.976) -> "94.0–97.6". */
export function formatInterval(low: number, high: number): string {
  return `${(low * 100).toFixed(1)}${EN_DASH}${(high * 100).toFixed(1)}`;
}

/** Difference of two shares in points with its sign: 0.023 -> "+2.3". */
export function formatPoints(difference: number): string {
  const points = (difference * 100).toFixed(1);
  if (Number(points) === 0) return "±0.0";
  return difference > 0 ? `+${points}` : `${MINUS}${points.replace("-", "")}`;
}

/** 1536 -> "1.5 kB" with powers of 1000 and a space that does not break. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)}${NO_BREAK}${units[unit]}`;
}

const STEPS: readonly [limit_s: number, size_s: number, unit: string][] = [
  [3600, 60, "min"],
  [86_400, 3600, "h"],
  [7 * 86_400, 86_400, "d"],
];

/** "just now", "5 min ago", "3 h ago", "2 d ago", then the date as 2026-11-21. */
export function formatAgo(iso: string, now: Date): string {
  const seconds = (now.getTime() - new Date(iso).getTime()) / 1000;
  if (seconds < 60) return "just now";
  for (const [limit, size, unit] of STEPS) {
    if (seconds < limit) return `${Math.floor(seconds / size)} ${unit} ago`;
  }
  return formatDate(iso);
}

/** Date in the reader's time zone, as 2026-11-21. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Date and minute in the reader's time zone. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${formatDate(iso)} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** 4.2 -> "5 s left", 95 -> "2 min left", 5400 -> "1.5 h left": rounded up, for it is a guess. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s left`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
  return `${(Math.ceil(seconds / 360) / 10).toFixed(1)} h left`;
}

/** 31.24 -> "31 a second", 0.83 -> "0.8 a second", 0.02 -> "1.2 a minute". */
export function formatRate(perSecond: number): string {
  if (perSecond < 0.1) return `${(60 * perSecond).toFixed(1)} a minute`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond)} a second`;
}
