import { expect, test } from "vitest";
import { addSavedView, readSavedViews, removeSavedView } from "./saved-views";

const memory = (start?: string) => {
  const kept = new Map(start === undefined ? [] : [["labeler.views.4", start]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

test("views are kept by name, and one of the same name is replaced", () => {
  const storage = memory();
  addSavedView(4, { name: "doubtful", search: "confidence=0..60" }, storage);
  addSavedView(4, { name: "vera", search: "by=2" }, storage);
  addSavedView(4, { name: "doubtful", search: "confidence=0..50" }, storage);
  expect(readSavedViews(4, storage)).toEqual([
    { name: "vera", search: "by=2" },
    { name: "doubtful", search: "confidence=0..50" },
  ]);
  expect(readSavedViews(5, storage)).toEqual([]);
  expect(removeSavedView(4, "vera", storage).map(({ name }) => name)).toEqual(["doubtful"]);
});

test("what is not a list of views is none", () => {
  expect(readSavedViews(4, memory("{"))).toEqual([]);
  expect(readSavedViews(4, memory('[{"name":1},{"name":"a","search":"b"}]'))).toEqual([
    { name: "a", search: "b" },
  ]);
});
