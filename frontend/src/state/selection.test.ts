import { expect, test } from "vitest";
import { clearSelection, createSelectionStore, leaveOut, putBack, setSelection } from "./selection";

const lassoed = () => {
  const store = createSelectionStore();
  const polygon = Float32Array.of(0, 0, 1, 0, 1, 1);
  setSelection(store, Uint32Array.of(2, 5, 9, 11), { gesture: "lasso", polygon, now_ms: 40 });
  return { store, polygon };
};

test("leaving images out keeps how the rest was chosen, and passes over images that are not selected", () => {
  const { store, polygon } = lassoed();
  leaveOut(store, [9, 5, 7]);
  expect(store.getState()).toEqual({
    indexes: Uint32Array.of(2, 11),
    leftOut: Uint32Array.of(5, 9),
    gesture: "lasso",
    polygon,
    madeAt_ms: 40,
  });
});

test("only what was left out can be put back", () => {
  const { store } = lassoed();
  leaveOut(store, [5, 9]);
  putBack(store, [9, 100]);
  expect(store.getState().indexes).toEqual(Uint32Array.of(2, 9, 11));
  expect(store.getState().leftOut).toEqual(Uint32Array.of(5));
});

test("a new selection forgets what was left out", () => {
  const { store } = lassoed();
  leaveOut(store, [5]);
  setSelection(store, Uint32Array.of(1), { gesture: "click", now_ms: 50 });
  expect(store.getState().leftOut).toHaveLength(0);
});

test("clearing empties it, and clearing nothing tells nobody", () => {
  const store = createSelectionStore();
  let calls = 0;
  store.subscribe(() => {
    calls += 1;
  });
  clearSelection(store);
  leaveOut(store, [1]);
  putBack(store, [1]);
  expect(calls).toBe(0);
  setSelection(store, Uint32Array.of(1), { gesture: "click", now_ms: 0 });
  clearSelection(store);
  expect(store.getState().indexes).toHaveLength(0);
});
