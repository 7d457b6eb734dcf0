/** Outlines of groups, or trails of images, over a map; it follows the map's camera without drawing React again. */
import { useRef } from "react";
import { useStore } from "zustand";
import type { LayoutView } from "../../api/explore-queries";
import type { Change, Cluster } from "../../api/types";
import { shownColour } from "../../lib/palette";
import type { Explored } from "../../state/explore";
import { useMapBackground } from "../common/map-background";
import { useProject } from "../label/project-context";
import { ClusterNames } from "./cluster-names";
import classes from "./explore.module.css";
import { useChanges, useClusters } from "./use-explored";
import { type OverMapProps, useOverCamera } from "./use-over-camera";

export function ExploreOverlay({ what, ...place }: OverMapProps & { what: Explored }) {
  if (what === "changes") {
    return (
      <WorldSvg {...place}>
        <Trails view={place.view} />
      </WorldSvg>
    );
  }
  return (
    <>
      <WorldSvg {...place}>
        <Outlines view={place.view} />
      </WorldSvg>
      <ClusterNames {...place} />
    </>
  );
}

/** An SVG whose inside is in world coordinates, y up. */
function WorldSvg({
  map,
  side,
  children,
}: Pick<OverMapProps, "map" | "side"> & { children: React.ReactNode }) {
  const svg = useRef<SVGSVGElement>(null);
  const world = useRef<SVGGElement>(null);
  useOverCamera(map, svg, ({ x, y, zoom }, { width, height }) => {
    const matrix = [zoom, 0, 0, -zoom, width / 2 - x * zoom, height / 2 + y * zoom];
    world.current?.setAttribute("transform", `matrix(${matrix.join(" ")})`);
  });
  return (
    <svg
      ref={svg}
      className={classes.overlay}
      data-side={side}
      aria-hidden="true"
      data-testid={`explore-overlay-${side}`}
    >
      <g ref={world}>{children}</g>
    </svg>
  );
}

function Outlines({ view }: { view: LayoutView }) {
  const { data } = useClusters(view);
  return data?.clusters.map((cluster) => <Outline key={cluster.cluster} cluster={cluster} />);
}

function Outline({ cluster }: { cluster: Cluster }) {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const isMarked = useStore(session.explore, (state) => state.marked === cluster.cluster);
  const suggested = cluster.class_id == null ? undefined : classById.get(cluster.class_id);
  return (
    <polygon
      className={classes.outline}
      data-marked={isMarked}
      data-done={cluster.num_unlabelled === 0}
      style={suggested ? { color: shownColour(suggested.colour, background) } : undefined}
      points={cluster.outline.map((corner) => corner.join(",")).join(" ")}
    />
  );
}

function Trails({ view }: { view: LayoutView }) {
  const { data } = useChanges(view, "both");
  return data?.items.map((change) => <Trail key={change.index} change={change} />);
}

function Trail({ change }: { change: Change }) {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const isMarked = useStore(session.explore, (state) => state.marked === change.index);
  const label = classById.get(change.class_id);
  const [x2, y2] = change.place;
  const [x1, y1] = change.place_before ?? change.place;
  return (
    <g
      className={classes.trail}
      data-marked={isMarked}
      style={label ? { color: shownColour(label.colour, background) } : undefined}
    >
      <line x1={x1} y1={y1} x2={x2} y2={y2} />
      <line className={classes.origin} x1={x1} y1={y1} x2={x1} y2={y1} />
    </g>
  );
}
