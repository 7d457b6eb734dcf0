/** How a label came about, in the words of the API. */
import type { Provenance } from "../api/types";
import type { MapData } from "../state/map-data";
import type { SelectionState } from "../state/selection";
import type { ViewState } from "../state/view";

/** The server takes no more points; a longer outline is thinned evenly. */
export const MAX_POLYGON_POINTS = 2000;

export function provenanceOf(
  selection: Pick<SelectionState, "gesture" | "polygon" | "madeAt_ms">,
  view: ViewState,
  map: MapData | null,
  now_ms: number,
): Provenance {
  const provenance: Provenance = {
    gesture: selection.gesture,
    view: view.layout,
    retention: view.retentions[view.layout],
    seconds_shown: Math.max(0, Math.round(now_ms - selection.madeAt_ms) / 1000),
  };
  if (selection.polygon) provenance.polygon = pointsOf(selection.polygon);
  const projectionId = map?.projectionIds[view.layout] ?? null;
  if (projectionId !== null) provenance.projection_id = projectionId;
  if (map?.modelVersion) provenance.model_version = map.modelVersion;
  return provenance;
}

/** x0, y0, x1, y1, ... -> points, at most `MAX_POLYGON_POINTS`. */
export function pointsOf(polygon: Float32Array): [number, number][] {
  const numPoints = polygon.length / 2;
  const kept = Math.min(numPoints, MAX_POLYGON_POINTS);
  return Array.from({ length: kept }, (_, at) => {
    const source = Math.floor((at * numPoints) / kept);
    return [polygon[2 * source], polygon[2 * source + 1]];
  });
}
