import { expect, test } from "vitest";
import { createGridStore, readGrid } from "./grid";

test("what was stored comes back, and wrong values fall back one by one", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
  };
  createGridStore(storage).setState({ sortBy: "certain", tileSize: "huge", show: "both", isWide: true });
  expect(createGridStore(storage).getState()).toEqual({
    sortBy: "certain",
    tileSize: "huge",
    show: "both",
    isWide: true,
  });
  expect(readGrid('{"sortBy":"gone","tileSize":"small","show":7}')).toEqual({
    sortBy: "odd",
    tileSize: "small",
    show: "map",
    isWide: false,
  });
  expect(readGrid("not json").sortBy).toBe("odd");
});
