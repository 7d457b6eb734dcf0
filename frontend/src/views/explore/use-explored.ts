/** What the lists and the drawing over the map share: the same reads, and what a click on them does. */
import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { type ChangesBy, changesQuery, clustersQuery, type LayoutView } from "../../api/explore-queries";
import type { Cluster } from "../../api/types";
import { membersOf } from "../../state/explore";
import { onlyPassing } from "../../state/filter";
import type { ProjectSession } from "../../state/project-session";
import { setSelection } from "../../state/selection";
import { useProject, useView } from "../label/project-context";

/** The layout in hand; whole images until there are crops. */
export function useLayoutView(): LayoutView {
  const { session } = useProject();
  const hasCrops = useStore(session.map, (state) => state.data?.crop != null);
  const layout = useView((view) => view.layout);
  return hasCrops ? layout : "whole";
}

export function useClusters(view: LayoutView) {
  const { session, project } = useProject();
  const ids = useStore(session.map, (state) => state.data?.projectionIds);
  return useQuery(clustersQuery(session.projectId, view, ids?.[view] ?? null, project.label_sequence));
}

export function useChanges(view: LayoutView, by: ChangesBy) {
  const { session } = useProject();
  const data = useStore(session.map, (state) => state.data);
  return useQuery(
    changesQuery(session.projectId, view, data?.modelVersion ?? null, data?.projectionIds[view] ?? null, by),
  );
}

/** Select the images of a cluster, as if somebody had drawn its outline. */
export function selectCluster(session: ProjectSession, cluster: Cluster, clusterOfImage: Int32Array): void {
  const members = membersOf(clusterOfImage, cluster.cluster);
  session.screen.setState({ lastLabel: null });
  setSelection(session.selection, onlyPassing(session.filter, members), {
    gesture: "lasso",
    polygon: Float32Array.from(cluster.outline.flat()),
    now_ms: performance.now(),
  });
}
