import { beforeEach, expect, test } from "vitest";
import type { ArrayRef, MapManifest, ProjectionRef } from "../api/types";
import { createMapStore, MapLoader, type MapStore } from "./map-data";

const ref = (name: string, url: string, dtype: string, shape: number[]): ArrayRef => ({
  name,
  url,
  dtype,
  shape,
});
const layout = (array: ArrayRef): ProjectionRef => ({
  id: 1,
  num_images: 3,
  model_version: null,
  array,
  quality: {},
});

let bodies: Record<string, ArrayBuffer>;
let manifest: MapManifest;
let fetched: string[];
let store: MapStore;
let loader: MapLoader;

beforeEach(() => {
  bodies = {
    "/whole-1": Float32Array.of(0, 1, 2, 3).buffer,
    "/aspect-1": Uint8Array.of(128, 192).buffer,
    "/cells/16?start=0&count=2": new Uint8Array(256).fill(1).buffer,
  };
  manifest = {
    num_images: 2,
    label_sequence: 0,
    model_version: null,
    retention: 0.95,
    class_ids: [],
    arrays: [ref("aspect", "/aspect-1", "uint8", [2])],
    cells: [{ cell_px: 16, format: "bc1", bytes_per_cell: 128, url: "/cells/16" }],
    projections: { whole: layout(ref("whole", "/whole-1", "float32", [2, 2])), crop: null },
    profile_shape: null,
  };
  fetched = [];
  store = createMapStore();
  loader = new MapLoader(store, {
    manifest: async () => manifest,
    bytes: async (url) => {
      fetched.push(url);
      if (!(url in bodies)) throw new Error(`no ${url}`);
      return bodies[url];
    },
  });
});

test("the first run loads everything of the manifest", async () => {
  await loader.refresh();
  const { status, data } = store.getState();
  expect(status).toBe("ready");
  expect([...(data?.whole ?? [])]).toEqual([0, 1, 2, 3]);
  expect([...(data?.aspect ?? [])]).toEqual([128, 192]);
  expect(data?.cells16).toHaveLength(256);
  expect(data?.crop).toBeNull();
});

test("new images fetch only the tail, and images without a place are padded", async () => {
  await loader.refresh();
  fetched.length = 0;
  manifest = { ...manifest, num_images: 3 };
  bodies["/cells/16?start=2&count=1"] = new Uint8Array(128).fill(2).buffer;
  await loader.refresh();
  expect(fetched).toEqual(["/cells/16?start=2&count=1"]);
  const data = store.getState().data;
  expect([...(data?.whole ?? [])]).toEqual([0, 1, 2, 3, Number.NaN, Number.NaN]);
  expect([...(data?.aspect ?? [])]).toEqual([128, 192, 0]);
  expect(data?.cells16[256]).toBe(2);
});

test("a model brings predictions and the crop layout", async () => {
  manifest = {
    ...manifest,
    model_version: 1,
    arrays: [
      ...manifest.arrays,
      ref("predicted_class", "/pred", "int32", [2]),
      ref("profiles", "/prof", "uint8", [2, 5]),
    ],
    projections: { ...manifest.projections, crop: layout(ref("crop", "/crop", "float32", [2, 2])) },
    profile_shape: { height: 2, width: 3 },
  };
  bodies["/pred"] = Int32Array.of(11, 12).buffer;
  bodies["/prof"] = new Uint8Array(10).buffer;
  bodies["/crop"] = Float32Array.of(5, 6, 7, 8).buffer;
  await loader.refresh();
  const data = store.getState().data;
  expect([...(data?.predictedClass ?? [])]).toEqual([11, 12]);
  expect(data?.profiles).toHaveLength(10);
  expect([...(data?.crop ?? [])]).toEqual([5, 6, 7, 8]);
});

test("calls during a run make one more run", async () => {
  let runs = 0;
  const counting = new MapLoader(store, {
    manifest: async () => {
      runs += 1;
      return manifest;
    },
    bytes: async (url) => bodies[url],
  });
  await Promise.all([counting.refresh(), counting.refresh(), counting.refresh()]);
  expect(runs).toBe(2);
});

test("a failure on an empty screen is an error, later ones keep the picture", async () => {
  const whole = bodies["/whole-1"];
  delete bodies["/whole-1"];
  await loader.refresh();
  expect(store.getState()).toMatchObject({ status: "error", error: "no /whole-1", data: null });
  bodies["/whole-1"] = whole;
  await loader.refresh();
  expect(store.getState()).toMatchObject({ status: "ready", error: null });
  manifest = { ...manifest, num_images: 3, arrays: [ref("aspect", "/aspect-2", "uint8", [3])] };
  await loader.refresh();
  expect(store.getState()).toMatchObject({ status: "ready", error: "no /aspect-2" });
  expect(store.getState().data?.numImages).toBe(2);
});

test("places are shown before the pictures are here, and stay when a picture fails", async () => {
  let send: (cells: ArrayBuffer) => void = () => undefined;
  const waiting = new Promise<ArrayBuffer>((resolve) => {
    send = resolve;
  });
  const slow = new MapLoader(store, {
    manifest: async () => manifest,
    bytes: async (url) => {
      if (url === "/cells/16?start=0&count=2") return waiting;
      if (!(url in bodies)) throw new Error(`no ${url}`);
      return bodies[url];
    },
  });
  const run = slow.refresh();
  await new Promise((done) => setTimeout(done));
  expect(store.getState().data?.whole).toHaveLength(4);
  expect(store.getState().data?.cells16).toHaveLength(0);
  const before = store.getState().data;
  send(new ArrayBuffer(256));
  await run;
  expect(store.getState().data).toEqual({ ...before, cells16: new Uint8Array(256) });
  expect(store.getState().data?.whole).toBe(before?.whole);

  manifest = { ...manifest, num_images: 3 };
  await slow.refresh();
  const { data, error } = store.getState();
  expect([data?.numImages, data?.cells16.length, error]).toEqual([3, 256, "no /cells/16?start=2&count=1"]);
});

test("after dispose nothing is published", async () => {
  const run = loader.refresh();
  loader.dispose();
  await run;
  expect(store.getState().data).toBeNull();
});

test("removed images are marked and counted out, and their mask stays the same until they change", async () => {
  const removed = (sequence: number) => ref("removed", `/removed-${sequence}`, "uint8", [2]);
  bodies["/removed-1"] = Uint8Array.of(0, 1).buffer;
  manifest = { ...manifest, arrays: [...manifest.arrays, removed(1)] };
  await loader.refresh();
  const first = store.getState().data;
  expect([...(first?.removed ?? [])]).toEqual([0, 1]);
  expect([first?.numImages, first?.numPresent]).toEqual([2, 1]);
  await loader.refresh();
  expect(store.getState().data?.removed).toBe(first?.removed);
  manifest = { ...manifest, arrays: manifest.arrays.slice(0, 1) };
  await loader.refresh();
  expect(store.getState().data).toMatchObject({ removed: null, numPresent: 2 });
});
