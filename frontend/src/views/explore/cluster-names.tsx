/** What each group is, written at its middle; where two would lie over each other the larger group keeps its name. */
import { useRef } from "react";
import { useStore } from "zustand";
import type { Cluster } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import { middleOf, namesThatFit } from "../../lib/map-names";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";
import { useClusters } from "./use-explored";
import { type OverMapProps, useOverCamera } from "./use-over-camera";

export function ClusterNames({ map, view, side }: OverMapProps) {
  const { session } = useProject();
  const { data } = useClusters(view);
  const marked = useStore(session.explore, (state) => state.marked);
  const overlay = useRef<HTMLDivElement>(null);
  const clusters = data?.clusters ?? [];
  useOverCamera(map, overlay, (camera, { width, height }) => {
    const names = [...(overlay.current?.children ?? [])] as HTMLElement[];
    const boxes = names.map((name, at) => {
      const [x, y] = middleOf(clusters[at].outline);
      return {
        x: width / 2 + (x - camera.x) * camera.zoom,
        y: height / 2 - (y - camera.y) * camera.zoom,
        width: name.offsetWidth,
        height: name.offsetHeight,
        weight: clusters[at].cluster === marked ? Number.POSITIVE_INFINITY : clusters[at].num_images,
      };
    });
    const isShown = namesThatFit(boxes);
    names.forEach((name, at) => {
      const { x, y } = boxes[at];
      name.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
      name.style.visibility = isShown[at] ? "visible" : "hidden";
    });
  });
  return (
    <div
      ref={overlay}
      className={classes.overlay}
      data-side={side}
      aria-hidden="true"
      data-testid={`cluster-names-${side}`}
    >
      {clusters.map((cluster) => (
        <Name key={cluster.cluster} cluster={cluster} isMarked={cluster.cluster === marked} />
      ))}
    </div>
  );
}

function Name({ cluster, isMarked }: { cluster: Cluster; isMarked: boolean }) {
  const { classById } = useProject();
  const background = useMapBackground();
  const label = cluster.class_id == null ? undefined : classById.get(cluster.class_id);
  return (
    <span className={`${classes.name} num`} data-marked={isMarked} data-done={cluster.num_unlabelled === 0}>
      {label ? (
        <>
          <i style={{ background: shownColour(label.colour, background) }} />
          {label.name} {formatCount(cluster.num_images)}
        </>
      ) : (
        formatPlural(cluster.num_images, "image")
      )}
    </span>
  );
}
