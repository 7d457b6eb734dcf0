import { expect, test } from "vitest";
import type { ArrayRef, MapManifest, ProjectionRef } from "../api/types";
import { planFetches, staleUrls } from "./manifest";

const ref = (name: string, url: string): ArrayRef => ({ name, url, dtype: "uint8", shape: [3] });
const layout = (array: ArrayRef): ProjectionRef => ({
  id: 1,
  num_images: 3,
  model_version: null,
  array,
  quality: {},
});

function manifest(changes: Partial<MapManifest>): MapManifest {
  return {
    num_images: 3,
    label_sequence: 0,
    model_version: null,
    retention: 0.95,
    class_ids: [],
    arrays: [ref("aspect", "/a/1")],
    cells: [{ cell_px: 16, format: "bc1", bytes_per_cell: 128, url: "/cells/16" }],
    projections: { whole: layout(ref("whole", "/a/2")), crop: null },
    profile_shape: null,
    ...changes,
  };
}

test("the first time everything is fetched", () => {
  const plan = planFetches(manifest({}), new Set(), 0);
  expect(plan.arrays.map((array) => array.url)).toEqual(["/a/1", "/a/2"]);
  expect(plan.cells16).toEqual([{ url: "/cells/16", start: 0, count: 3 }]);
});

test("the same manifest again fetches nothing", () => {
  expect(planFetches(manifest({}), new Set(["/a/1", "/a/2"]), 3)).toEqual({ arrays: [], cells16: [] });
});

test("new images fetch the tail of the cells and the arrays that grew", () => {
  const grown = manifest({ num_images: 5, projections: { whole: layout(ref("whole", "/a/3")), crop: null } });
  const plan = planFetches(grown, new Set(["/a/1", "/a/2"]), 3);
  expect(plan.arrays.map((array) => array.url)).toEqual(["/a/3"]);
  expect(plan.cells16).toEqual([{ url: "/cells/16", start: 3, count: 2 }]);
});

test("one address used twice is fetched once", () => {
  const twice = manifest({
    projections: { whole: layout(ref("whole", "/a/9")), crop: layout(ref("crop", "/a/9")) },
  });
  expect(planFetches(twice, new Set(["/a/1"]), 3).arrays.map((array) => array.url)).toEqual(["/a/9"]);
});

test("addresses that are no longer named are stale", () => {
  expect(staleUrls(manifest({}), ["/a/1", "/old"])).toEqual(["/old"]);
});

test("many cells are asked for in ranges", () => {
  const plan = planFetches(manifest({ num_images: 40_000 }), new Set(), 10);
  expect(plan.cells16.map(({ start, count }) => [start, count])).toEqual([
    [10, 32_768],
    [32_778, 7222],
  ]);
});
