import { expect, test } from "vitest";
import {
  autoSizePx,
  clampRetention,
  createViewStore,
  defaultView,
  nextOf,
  readView,
  setRetention,
  stepRetention,
} from "./view";

function memory(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

test("whole images on the whole map, the project's retention on the crop map", () => {
  expect(defaultView(0.9).retentions).toEqual({ whole: 1, crop: 0.9 });
});

test("above 0.99 means the whole image, below 0.5 is 0.5", () => {
  expect([0.2, 0.5, 0.99, 0.995, 1].map(clampRetention)).toEqual([0.5, 0.5, 0.99, 1, 1]);
});

test("the slider changes the layout that is shown only", () => {
  const store = createViewStore(1, 0.95, memory());
  store.setState({ layout: "crop" });
  setRetention(store, 0.7);
  expect(store.getState().retentions).toEqual({ whole: 1, crop: 0.7 });
});

test("the view of a project comes back, another project's is its own", () => {
  const storage = memory();
  createViewStore(1, 0.95, storage).setState({ colourBy: "confidence", sizePx: 60 });
  expect(createViewStore(1, 0.95, storage).getState()).toMatchObject({ colourBy: "confidence", sizePx: 60 });
  expect(createViewStore(2, 0.95, storage).getState().colourBy).toBe("label");
});

test("stored nonsense falls back field by field", () => {
  const fallback = defaultView(0.95);
  expect(readView("{", fallback)).toBe(fallback);
  expect(
    readView('{"layout":"side","sizePx":9000,"display":"dots","retentions":{"crop":"x"}}', fallback),
  ).toEqual({
    ...fallback,
    display: "dots",
  });
});

test("cycling goes round", () => {
  expect(nextOf(["a", "b"], "b")).toBe("a");
});

test("steps go from whole to the loosest crop and stop at the tightest", () => {
  expect(stepRetention(1, -0.05)).toBe(0.99);
  expect(stepRetention(0.99, 0.05)).toBe(1);
  expect(stepRetention(0.95, -0.05)).toBe(0.9);
  expect(stepRetention(0.5, -0.05)).toBe(0.5);
});

test("thumbnails shrink with the number of images, within bounds", () => {
  const sizes = (width: number, height: number) =>
    [0, 1, 16, 600, 5000, 1_000_000].map((numImages) => autoSizePx(numImages, { width, height }));
  expect(sizes(1280, 800)).toEqual([96, 96, 86, 42, 28, 28]);
  expect(sizes(1000, 600)).toEqual(sizes(1280, 800));
  expect(sizes(2560, 1600)).toEqual([120, 120, 120, 59, 40, 40]);
});
