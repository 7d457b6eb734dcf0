import { expect, test } from "vitest";
import { createExploreStore, membersOf, toggleExplored } from "./explore";

test("the images of a cluster come in order", () => {
  const clusterOfImage = Int32Array.from([1, -1, 0, 1, 2, 1]);
  expect([...membersOf(clusterOfImage, 1)]).toEqual([0, 3, 5]);
  expect([...membersOf(clusterOfImage, 7)]).toEqual([]);
});

test("what is shown goes when asked for again, and one thing is shown at a time", () => {
  const store = createExploreStore();
  toggleExplored(store, "clusters");
  store.setState({ marked: 3 });
  toggleExplored(store, "changes");
  expect(store.getState()).toEqual({ shown: "changes", marked: null });
  toggleExplored(store, "changes");
  expect(store.getState().shown).toBeNull();
});
