import { beforeEach, expect, test } from "vitest";
import {
  addPending,
  applyAction,
  confirmPending,
  createLabelStore,
  dropPending,
  type GestureKind,
  type LabelStore,
  loadLabels,
  type PendingGesture,
} from "./labels";

let store: LabelStore;
const shown = () => [...store.getState().shown];
const gesture = (
  id: string,
  kind: GestureKind,
  classId: number | null,
  imageIndexes: number[],
): PendingGesture => ({
  id,
  kind,
  classId,
  imageIndexes,
  sequence: null,
});

beforeEach(() => {
  store = createLabelStore();
  loadLabels(store, Int32Array.of(0, 7, 7, 0), 3);
});

test("a gesture shows at once and is counted", () => {
  addPending(store, gesture("a", "assign", 9, [0, 1]));
  expect(shown()).toEqual([9, 9, 7, 0]);
  expect([...store.getState().counts]).toEqual([
    [9, 2],
    [7, 1],
  ]);
  expect(store.getState().numLabelled).toBe(3);
  expect([...store.getState().base]).toEqual([0, 7, 7, 0]);
});

test("a refused gesture is taken back, later ones stay", () => {
  addPending(store, gesture("a", "assign", 9, [0, 1]));
  addPending(store, gesture("b", "clear", null, [2]));
  dropPending(store, "a");
  expect(shown()).toEqual([0, 7, 0, 0]);
});

test("a confirmed gesture stays on top until the base has reached it", () => {
  addPending(store, gesture("a", "assign", 9, [0]));
  confirmPending(store, "a", 5);
  expect(shown()).toEqual([9, 7, 7, 0]);
  expect(store.getState().pending).toHaveLength(1);
  loadLabels(store, Int32Array.of(9, 7, 7, 8), 5);
  expect(store.getState().pending).toHaveLength(0);
  expect(shown()).toEqual([9, 7, 7, 8]);
});

test("the next action is applied, a repeated one is known, one after a gap asks for reading", () => {
  const action = { sequence: 4, changes: [{ class_id: 8, image_indexes: [3] }] };
  expect(applyAction(store, action)).toBe("applied");
  expect(applyAction(store, action)).toBe("known");
  expect(applyAction(store, { ...action, sequence: 6 })).toBe("gap");
  expect(shown()).toEqual([0, 7, 7, 8]);
  expect(store.getState().sequence).toBe(4);
});

test("an undo gives several classes back at once", () => {
  const changes = [
    { class_id: 8, image_indexes: [0, 3] },
    { class_id: null, image_indexes: [1] },
  ];
  expect(applyAction(store, { sequence: 4, changes })).toBe("applied");
  expect(shown()).toEqual([8, 0, 7, 8]);
});

test("an action whose changes are too many to list asks for reading", () => {
  expect(applyAction(store, { sequence: 4, changes: null })).toBe("gap");
  expect(store.getState().sequence).toBe(3);
});

test("a colleague's action lies under a gesture that waits", () => {
  addPending(store, gesture("a", "assign", 9, [0]));
  applyAction(store, { sequence: 4, changes: [{ class_id: 8, image_indexes: [0, 3] }] });
  expect(shown()).toEqual([9, 7, 7, 8]);
  dropPending(store, "a");
  expect(shown()).toEqual([8, 7, 7, 8]);
});

test("undo and redo of gestures that wait show at once", () => {
  addPending(store, gesture("a", "assign", 9, [0]));
  addPending(store, gesture("b", "assign", 8, [1]));
  addPending(store, gesture("u", "undo", null, []));
  expect(shown()).toEqual([9, 7, 7, 0]);
  addPending(store, gesture("r", "redo", null, []));
  expect(shown()).toEqual([9, 8, 7, 0]);
});

test("an undo of what the server already has waits for the server", () => {
  addPending(store, gesture("u", "undo", null, []));
  expect(shown()).toEqual([0, 7, 7, 0]);
});

test("labels read before the ones at hand are dropped", () => {
  loadLabels(store, Int32Array.of(1, 1, 1, 1), 2);
  expect(shown()).toEqual([0, 7, 7, 0]);
});

test("indexes beyond the labels at hand are ignored until those are read", () => {
  addPending(store, gesture("a", "assign", 9, [3, 4]));
  expect(shown()).toEqual([0, 7, 7, 9]);
});
