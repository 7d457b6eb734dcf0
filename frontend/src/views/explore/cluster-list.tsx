/** The groups of the layout in hand, largest first: select one, or give it the class that it suggests. */
import { Button, UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import { messageOf } from "../../api/problem";
import type { Cluster } from "../../api/types";
import { formatCount, formatPercent, formatPlural } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import { requestLabel } from "../label/guarded-label";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";
import { selectCluster, useClusters, useLayoutView } from "./use-explored";

export function ClusterList() {
  const { data, error, isPending } = useClusters(useLayoutView());
  if (error) return <p className={classes.note}>Groups could not be read: {messageOf(error)}</p>;
  if (isPending) return <p className={classes.note}>Looking for groups…</p>;
  if (data.clusters.length === 0) {
    return (
      <p className={classes.note} data-testid="no-clusters">
        No groups yet: they show when the map has enough images and is laid out.
      </p>
    );
  }
  return (
    <>
      <p className={classes.summary}>{formatPlural(data.clusters.length, "group")}, ready to select</p>
      <ul className={classes.list}>
        {data.clusters.map((cluster) => (
          <ClusterRow key={cluster.cluster} cluster={cluster} clusterOfImage={data.clusterOfImage} />
        ))}
      </ul>
    </>
  );
}

function ClusterRow({ cluster, clusterOfImage }: { cluster: Cluster; clusterOfImage: Int32Array }) {
  const { session, classById, may } = useProject();
  const background = useMapBackground();
  const isMarked = useStore(session.explore, (state) => state.marked === cluster.cluster);
  const mark = (marked: number | null) => session.explore.setState({ marked });
  const suggested = cluster.class_id == null ? undefined : classById.get(cluster.class_id);
  const select = () => selectCluster(session, cluster, clusterOfImage);
  const isDone = cluster.num_unlabelled === 0;
  return (
    <li
      className={classes.row}
      data-marked={isMarked}
      onPointerEnter={() => mark(cluster.cluster)}
      onPointerLeave={() => mark(null)}
    >
      <UnstyledButton
        className={classes.main}
        onClick={select}
        onFocus={() => mark(cluster.cluster)}
        onBlur={() => mark(null)}
        data-testid={`cluster-${cluster.cluster}`}
      >
        <span
          className={classes.swatch}
          style={suggested ? { background: shownColour(suggested.colour, background) } : undefined}
        />
        <span className={classes.words}>
          <span className="num">{formatPlural(cluster.num_images, "image")}</span>
          <span className={`${classes.dim} num`}>
            {isDone ? "all labelled" : `${formatCount(cluster.num_unlabelled)} without label`}
          </span>
        </span>
      </UnstyledButton>
      {suggested && !isDone && may("label") && (
        <Button
          size="compact-xs"
          variant="default"
          className={classes.suggested}
          onClick={() => {
            select();
            requestLabel(session, suggested.id);
          }}
          data-testid={`label-cluster-${cluster.cluster}`}
        >
          {suggested.name} {formatPercent(cluster.class_share ?? 0, 0)}
        </Button>
      )}
    </li>
  );
}
