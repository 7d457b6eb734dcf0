/** Reads of suggestions, doubted labels and crop rates. A page of a ranking never changes: its cursor is a place in it. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "./client";

export const CONFIRM_PAGE = 100;
export const START = -1;
const NEIGHBOURS_SHOWN = 12;

export const suggestionKeys = {
  /** Everything below goes stale with a model or a finished suggestions job. */
  all: (projectId: number) => ["suggestions", projectId] as const,
  page: (projectId: number, classId: number, after: number) =>
    ["suggestions", projectId, "page", classId, after] as const,
  cropRates: (projectId: number) => ["crop-rates", projectId] as const,
};

const inProject = (projectId: number) => ({ path: { project_id: projectId } });

export const suggestionSummaryQuery = (projectId: number, precision: number) =>
  queryOptions({
    queryKey: [...suggestionKeys.all(projectId), "summary", precision],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/suggestions", {
          params: { ...inProject(projectId), query: { precision } },
        }),
      ),
    placeholderData: (before) => before,
  });

export const suggestionPageQuery = (projectId: number, classId: number, after: number) =>
  queryOptions({
    queryKey: suggestionKeys.page(projectId, classId, after),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/suggestions/{class_id}", {
          params: {
            path: { project_id: projectId, class_id: classId },
            query: { after, limit: CONFIRM_PAGE },
          },
        }),
      ),
  });

export const nextToLabelQuery = (projectId: number) =>
  queryOptions({
    queryKey: [...suggestionKeys.all(projectId), "next-to-label"],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/next-to-label", {
          params: { ...inProject(projectId), query: { num: CONFIRM_PAGE } },
        }),
      ),
  });

export const suspectsQuery = (projectId: number) =>
  queryOptions({
    queryKey: [...suggestionKeys.all(projectId), "suspects"],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/suspects", {
          params: { ...inProject(projectId), query: { limit: 500 } },
        }),
      ),
  });

export const disagreementsQuery = (projectId: number) =>
  queryOptions({
    queryKey: [...suggestionKeys.all(projectId), "disagreements"],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/disagreements", {
          params: { ...inProject(projectId), query: { limit: 500 } },
        }),
      ),
  });

export const neighboursQuery = (projectId: number, index: number, view: "whole" | "crop" = "whole") =>
  queryOptions({
    queryKey: [...suggestionKeys.all(projectId), "neighbours", index, view],
    queryFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/neighbours", {
          params: inProject(projectId),
          body: { image_indexes: [index], num: NEIGHBOURS_SHOWN, view },
        }),
      ),
  });

export const cropRatesQuery = (projectId: number) =>
  queryOptions({
    queryKey: suggestionKeys.cropRates(projectId),
    queryFn: () =>
      unwrap(api.GET("/api/v1/projects/{project_id}/crop-rates", { params: inProject(projectId) })),
  });
