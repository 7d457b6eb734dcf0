/** Moving through a grid of tiles by keys. */

/** Position after a key, or null when the key does not move. Stays inside 0..count - 1. */
export function moveIn(key: string, position: number, count: number, columns: number): number | null {
  const targets: Record<string, number> = {
    ArrowLeft: position - 1,
    ArrowRight: position + 1,
    ArrowUp: position - columns,
    ArrowDown: position + columns,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  if (target === undefined || count === 0) return null;
  return target < 0 || target >= count ? position : target;
}

/** Columns that a grid element shows now. */
export function columnsOf(grid: HTMLElement | null): number {
  if (!grid) return 1;
  return Math.max(1, getComputedStyle(grid).gridTemplateColumns.split(" ").length);
}
