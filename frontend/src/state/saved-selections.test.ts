import { expect, test } from "vitest";
import { openSavedSelections, type SavedSelection } from "./saved-selections";

function memory(initial?: SavedSelection[]) {
  const kept: { saved: SavedSelection[] | undefined } = { saved: initial };
  return {
    kept,
    read: async () => kept.saved,
    write: async (saved: SavedSelection[]) => {
      kept.saved = saved;
    },
  };
}
const namesOf = (saved: readonly SavedSelection[] | undefined) => saved?.map(({ name }) => name);

test("a saved selection comes back, by name in order, and is a copy", async () => {
  const storage = memory([{ name: "boats", indexes: Uint32Array.of(4) }]);
  const selections = openSavedSelections(storage);
  const indexes = Uint32Array.of(1, 2, 9);
  await selections.save("  blurred ", indexes);
  indexes[0] = 7;
  expect(namesOf(selections.store.getState().saved)).toEqual(["blurred", "boats"]);
  expect([...(storage.kept.saved?.[0]?.indexes ?? [])]).toEqual([1, 2, 9]);
});

test("the same name replaces, forgetting takes away", async () => {
  const storage = memory();
  const selections = openSavedSelections(storage);
  await selections.save("a", Uint32Array.of(1));
  await selections.save("a", Uint32Array.of(2, 3));
  expect(storage.kept.saved).toHaveLength(1);
  expect(storage.kept.saved?.[0]?.indexes.length).toBe(2);
  await selections.forget("a");
  expect(storage.kept.saved).toEqual([]);
});

test("a name of spaces is refused", () => {
  expect(() => openSavedSelections(memory()).save("  ", Uint32Array.of(1))).toThrow(RangeError);
});
