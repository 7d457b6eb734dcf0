import { expect, test } from "vitest";
import type { MapData } from "../state/map-data";
import { defaultView } from "../state/view";
import { MAX_POLYGON_POINTS, pointsOf, provenanceOf } from "./provenance";

const selection = {
  indexes: Uint32Array.of(1, 2),
  gesture: "lasso" as const,
  polygon: Float32Array.of(0, 0, 1, 0, 1, 2),
  madeAt_ms: 1000,
};

test("a lasso on the crop map names outline, layout, model, retention and how long it was looked at", () => {
  const map = { modelVersion: 3, projectionIds: { whole: 7, crop: 8 } } as MapData;
  const view = { ...defaultView(0.9), layout: "crop" as const };
  expect(provenanceOf(selection, view, map, 3500)).toEqual({
    gesture: "lasso",
    view: "crop",
    retention: 0.9,
    seconds_shown: 2.5,
    polygon: [
      [0, 0],
      [1, 0],
      [1, 2],
    ],
    projection_id: 8,
    model_version: 3,
  });
});

test("a click before the first map names what there is", () => {
  const clicked = { ...selection, gesture: "click" as const, polygon: null };
  expect(provenanceOf(clicked, defaultView(0.95), null, 1000)).toEqual({
    gesture: "click",
    view: "whole",
    retention: 1,
    seconds_shown: 0,
  });
});

test("a long outline is thinned evenly from its first point", () => {
  const polygon = Float32Array.from({ length: 8 * MAX_POLYGON_POINTS }, (_, at) => Math.floor(at / 2));
  const points = pointsOf(polygon);
  expect(points).toHaveLength(MAX_POLYGON_POINTS);
  expect(points.slice(0, 3)).toEqual([
    [0, 0],
    [4, 4],
    [8, 8],
  ]);
});
