/** Finding a class by typing, and moving one in the list. */

interface Named {
  readonly id: number;
  readonly name: string;
}

/**
 * Classes that hold every typed word, best first: the whole name, then names that start with the text, then names with
 * a word that does, then the rest; each group in the order of the list.
 */
export function findClasses<T extends Named>(classes: readonly T[], typed: string): readonly T[] {
  const text = typed.trim().toLowerCase();
  if (!text) return classes;
  const words = text.split(/\s+/);
  const rank = ({ name }: T): number => {
    const lower = name.toLowerCase();
    if (!words.every((word) => lower.includes(word))) return -1;
    if (lower === text) return 0;
    if (lower.startsWith(text)) return 1;
    return lower.split(/[\s_\-./]+/).some((word) => word.startsWith(words[0])) ? 2 : 3;
  };
  return classes
    .map((entry, at) => ({ entry, at, rank: rank(entry) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ entry }) => entry);
}

/** The ids with one of them at another position; a position outside of the list is its end. */
export function moveTo(ids: readonly number[], id: number, position: number): number[] {
  const others = ids.filter((other) => other !== id);
  const at = Math.max(0, Math.min(others.length, position));
  return [...others.slice(0, at), id, ...others.slice(at)];
}

/** At most `limit` classes to offer for a selection: those predicted for it, most first, then those with a key. */
export function offeredClasses<T extends Named & { readonly hotkey: string }>(
  classes: readonly T[],
  predicted: readonly { classId: number; count: number }[],
  limit: number,
): readonly T[] {
  if (classes.length <= limit) return classes;
  const places = new Map(predicted.map(({ classId }, at) => [classId, at]));
  const rank = (entry: T) => places.get(entry.id) ?? predicted.length + (entry.hotkey ? 0 : 1);
  return classes
    .map((entry, at) => ({ entry, at, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, limit)
    .map(({ entry }) => entry);
}
