/** Where keys lead in a grid that is read row by row. */

export interface GridPlace {
  /** Position now; -1 before any. */
  from: number;
  count: number;
  numColumns: number;
  /** Rows that a vertical key moves. */
  rows: number;
}

/** The position that a key leads to; null for a key that does not move, or in an empty grid. */
export function moveInGrid(key: string, { from, count, numColumns, rows }: GridPlace): number | null {
  if (count === 0) return null;
  const steps: Readonly<Record<string, number | undefined>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -numColumns * rows,
    ArrowDown: numColumns * rows,
    PageUp: -numColumns * rows,
    PageDown: numColumns * rows,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined) return null;
  if (from < 0) return key === "End" ? count - 1 : 0;
  return Math.max(0, Math.min(count - 1, from + step));
}

/** All positions between two, both included, ascending. */
export function rangeOf(a: number, b: number): number[] {
  const start = Math.min(a, b);
  return Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => start + at);
}
