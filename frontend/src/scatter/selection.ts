/** Selections as one byte per item. The renderer does not own them; these are for whoever does. */
import type { SelectionCombine } from "./types";

/** A new selection: `current` changed by the indexes of a gesture. */
export function combineSelection(
  current: Uint8Array,
  indexes: Uint32Array,
  combine: SelectionCombine,
): Uint8Array {
  const result =
    combine === "add" || combine === "subtract" ? current.slice() : new Uint8Array(current.length);
  for (const index of indexes) {
    if (index >= result.length) continue;
    result[index] = combine === "intersect" ? (current[index] as number) : combine === "subtract" ? 0 : 1;
  }
  return result;
}

/** Indexes of the bytes that are not zero, ascending. */
export function indexesOfFlags(flags: Uint8Array): Uint32Array {
  let count = 0;
  for (const flag of flags) if (flag !== 0) count++;
  const indexes = new Uint32Array(count);
  let next = 0;
  for (let index = 0; index < flags.length; index++) if (flags[index] !== 0) indexes[next++] = index;
  return indexes;
}
