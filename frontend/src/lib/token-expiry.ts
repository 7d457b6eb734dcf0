/** How long a new token lives, as offered on the screen. */
export const TOKEN_LIVES = [
  { value: "7", label: "for a week" },
  { value: "30", label: "for 30 days" },
  { value: "90", label: "for 90 days" },
  { value: "365", label: "for a year" },
  { value: "never", label: "without end" },
] as const;

export type TokenLife = (typeof TOKEN_LIVES)[number]["value"];

const DAY_MS = 86_400_000;

/** When a token made `now` ends; null: never. */
export function expiryOf(life: TokenLife, now: Date): string | null {
  return life === "never" ? null : new Date(now.getTime() + Number(life) * DAY_MS).toISOString();
}
