import { expect, test } from "vitest";
import { clearSelection, createSelectionStore, dropFromSelection, setSelection } from "./selection";

test("dropping an image keeps how the rest was chosen", () => {
  const store = createSelectionStore();
  const polygon = Float32Array.of(0, 0, 1, 0, 1, 1);
  setSelection(store, Uint32Array.of(2, 5, 9), { gesture: "lasso", polygon, now_ms: 40 });
  dropFromSelection(store, 5);
  expect(store.getState()).toEqual({
    indexes: Uint32Array.of(2, 9),
    gesture: "lasso",
    polygon,
    madeAt_ms: 40,
  });
});

test("clearing empties it, and clearing nothing tells nobody", () => {
  const store = createSelectionStore();
  let calls = 0;
  store.subscribe(() => {
    calls += 1;
  });
  clearSelection(store);
  expect(calls).toBe(0);
  setSelection(store, Uint32Array.of(1), { gesture: "click", now_ms: 0 });
  clearSelection(store);
  expect(store.getState().indexes).toHaveLength(0);
});
