/** Reads of the activity page. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { keys } from "./queries";
import type { ActivityPage } from "./types";

const ACTIONS_PER_PAGE = 50;
/** Others go on labelling while somebody looks. */
const READ_AGAIN_MS = 15_000;

export const activityQuery = (projectId: number, annotator: string | null) =>
  infiniteQueryOptions({
    queryKey: keys.activity(projectId, annotator),
    initialPageParam: null as number | null,
    refetchInterval: READ_AGAIN_MS,
    getNextPageParam: (page: ActivityPage) => page.next,
    queryFn: ({ pageParam }): Promise<ActivityPage> =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/activity", {
          params: {
            path: { project_id: projectId },
            query: {
              limit: ACTIONS_PER_PAGE,
              ...(pageParam === null ? {} : { after: pageParam }),
              ...(annotator === null ? {} : { annotator }),
            },
          },
        }),
      ),
  });

export const meterQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.meter(projectId),
    refetchInterval: READ_AGAIN_MS,
    queryFn: () =>
      unwrap(api.GET("/api/v1/projects/{project_id}/meter", { params: { path: { project_id: projectId } } })),
  });

/** Images like one image, most alike first, without itself. */
export const neighboursQuery = (projectId: number, index: number, modelVersion: number | null, num: number) =>
  queryOptions({
    queryKey: ["neighbours", projectId, index, modelVersion, num] as const,
    queryFn: async () => {
      const found = await unwrap(
        api.POST("/api/v1/projects/{project_id}/neighbours", {
          params: { path: { project_id: projectId } },
          body: { image_indexes: [index], num: num + 1, view: "whole" },
        }),
      );
      return found.image_indexes.filter((other) => other !== index).slice(0, num);
    },
    retry: false,
  });
