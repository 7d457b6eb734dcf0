/** Taking images out of a project, and bringing them back. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { keys } from "./queries";
import type { Removal, Restored, RestoreRequest } from "./types";

const inProject = (projectId: number) => ({ path: { project_id: projectId } });

/** Sent again with the same id it changes nothing. */
export function removeImages(projectId: number, indexes: Iterable<number>, id: string): Promise<Removal> {
  return unwrap(
    api.POST("/api/v1/projects/{project_id}/removals", {
      params: inProject(projectId),
      body: { image_indexes: [...indexes], client_action_id: id },
    }),
  );
}

export function restoreImages(projectId: number, which: RestoreRequest): Promise<Restored> {
  return unwrap(
    api.POST("/api/v1/projects/{project_id}/restore-images", { params: inProject(projectId), body: which }),
  );
}

/** Removals of which images are still out, newest first; the first page of them. */
export const removalsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.removals(projectId),
    queryFn: () =>
      unwrap(api.GET("/api/v1/projects/{project_id}/removals", { params: inProject(projectId) })),
  });
