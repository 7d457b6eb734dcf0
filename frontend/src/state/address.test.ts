import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followAddress } from "./address";
import { createCameraStore } from "./camera";
import { changeFilter, createFilterStore, onlyPassing } from "./filter";
import { createViewStore, defaultView, setRetention } from "./view";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(search: string) {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
  };
  const view = createViewStore(4, 0.95, storage);
  const filter = createFilterStore();
  const written: string[] = [];
  const camera = createCameraStore();
  const write = (text: string) => void written.push(text);
  const stop = followAddress({
    stores: { view, filter, camera },
    defaults: defaultView(0.95),
    search,
    write,
  });
  return { view, filter, camera, written, stop };
}

test("an address with a view is shown, and wrong words in it are passed over", () => {
  const { view, filter } = open("?map=crop&crop=0.7&colour=mood&label=3,0&rest=hidden");
  expect(view.getState().layout).toBe("crop");
  expect(view.getState().retentions).toEqual({ whole: 1, crop: 0.7 });
  expect(view.getState().colourBy).toBe("label");
  expect(filter.getState().filter.labels).toEqual([3, 0]);
  expect(filter.getState().hidesRest).toBe(true);
});

test("what is shown is written once it has settled, and what it opens is the same", () => {
  const { view, filter, written, stop } = open("");
  view.setState({ layout: "crop" });
  setRetention(view, 0.8);
  changeFilter(filter, { labels: [3] });
  expect(written).toEqual([]);
  vi.runAllTimers();
  expect(written).toEqual(["map=crop&crop=0.8&label=3"]);
  const again = open(`?${written[0]}`);
  expect(again.view.getState()).toEqual(view.getState());
  stop();
  changeFilter(filter, { labels: [] });
  vi.runAllTimers();
  expect(written).toHaveLength(1);
});

test("both maps side by side are a view as well", () => {
  const { view, written } = open("?map=both");
  expect(view.getState().isSplit).toBe(true);
  view.setState({ display: "dots" });
  vi.runAllTimers();
  expect(written).toEqual(["map=both&show=dots"]);
  expect(open("?map=crop").view.getState().isSplit).toBe(false);
});

test("where a person moved the map is written, and what it opens asks for the same place", () => {
  const { camera, written } = open("");
  expect(camera.getState().asked).toBeNull();
  camera.setState({ shown: { x: 1.5, y: -2, span: 0.5 } });
  vi.runAllTimers();
  expect(written).toEqual(["at=1.5,-2,0.5"]);
  expect(open(`?${written[0]}`).camera.getState().asked).toEqual({ sight: { x: 1.5, y: -2, span: 0.5 } });
  expect(open("?map=crop").camera.getState().asked).toEqual({ sight: "all" });
});

test("a new mask alone writes nothing", () => {
  const { filter, written } = open("");
  filter.setState({ mask: Uint8Array.of(1), numPassing: 0 });
  vi.runAllTimers();
  expect(written).toEqual([]);
});

test("only images that pass are selected", () => {
  const filter = createFilterStore();
  const all = Uint32Array.of(0, 1, 2);
  expect(onlyPassing(filter, all)).toEqual(all);
  filter.setState({ mask: Uint8Array.of(0, 1, 0) });
  expect(onlyPassing(filter, all)).toEqual(Uint32Array.of(0, 2));
});
