/** Reads of layouts, and of clusters and changes, whose keys name the layout or model that they are of. */
import { queryOptions } from "@tanstack/react-query";
import { decodeArray } from "../lib/typed-arrays";
import { api, fetchBytes, unwrap } from "./client";
import { allItems } from "./pages";
import { keys } from "./queries";
import type { ArrayRef, ClusterList } from "./types";

export type LayoutView = "whole" | "crop";
export type ChangesBy = "both" | "class" | "neighbourhood";

export interface Clusters extends ClusterList {
  /** (N) number of each image's cluster, -1 where there is none. */
  readonly clusterOfImage: Int32Array;
}

const NUM_CHANGES = 60;

/** `projectionId` and `sequence` say what it depends on: the layout, and the labels that suggest a class. */
export const clustersQuery = (
  projectId: number,
  view: LayoutView,
  projectionId: number | null,
  sequence: number,
) =>
  queryOptions({
    queryKey: ["clusters", projectId, view, projectionId, sequence] as const,
    queryFn: async (): Promise<Clusters> => {
      const list = await unwrap(
        api.GET("/api/v1/projects/{project_id}/clusters", {
          params: { path: { project_id: projectId }, query: { view } },
        }),
      );
      return { ...list, clusterOfImage: await readMembership(list.cluster_of_image ?? null) };
    },
    placeholderData: (previous) => previous,
  });

async function readMembership(ref: ArrayRef | null): Promise<Int32Array> {
  if (!ref) return new Int32Array();
  return decodeArray((await fetchBytes(ref.url)).buffer, ref) as Int32Array;
}

export const changesQuery = (
  projectId: number,
  view: LayoutView,
  modelVersion: number | null,
  projectionId: number | null,
  by: ChangesBy,
) =>
  queryOptions({
    queryKey: ["changes", projectId, view, modelVersion, projectionId, by] as const,
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/changes", {
          params: { path: { project_id: projectId }, query: { view, by, limit: NUM_CHANGES } },
        }),
      ),
    placeholderData: (previous) => previous,
  });

export const projectionsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.layouts(projectId),
    queryFn: () =>
      allItems((query) =>
        unwrap(
          api.GET("/api/v1/projects/{project_id}/projections", {
            params: { path: { project_id: projectId }, query },
          }),
        ),
      ),
  });
