/** Reads of numbers for every image: who gave the labels, sizes and dates, one class's probabilities, found paths. */
import { queryOptions } from "@tanstack/react-query";
import { api, fetchBytes, postForBytes, unwrap } from "./client";
import { allItems } from "./pages";
import { ApiError } from "./problem";
import { byUsername, keys } from "./queries";

/** What is known of every image's label; N images each, 0 = nothing known. */
export interface LabelFacts {
  sequence: number;
  /** Who gave the label that counts. */
  annotatorIds: Int32Array;
  /** People who gave the image a class. */
  numAnnotators: Int32Array;
  /** How many of them gave the class that counts. */
  numAgreeing: Int32Array;
  /** Seconds since 1970. */
  labelledAt_s: Int32Array;
}

/** Sizes and origin of every image. */
export interface ImageFacts {
  width_px: Int32Array;
  height_px: Int32Array;
  kilobytes: Int32Array;
  importIds: Int32Array;
  addedAt_s: Int32Array;
}

/** Rows of a (num, N) array. */
function rowsOf(buffer: ArrayBuffer, num: number): Int32Array[] {
  const all = new Int32Array(buffer);
  const length = all.length / num;
  return Array.from({ length: num }, (_, row) => all.subarray(row * length, (row + 1) * length));
}

export const labelFactsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.labelFacts(projectId),
    queryFn: async (): Promise<LabelFacts> => {
      const { buffer, headers } = await fetchBytes(`/api/v1/projects/${projectId}/label-facts`);
      const [annotatorIds, numAnnotators, numAgreeing, labelledAt_s] = rowsOf(buffer, 4);
      const sequence = Number(headers.get("X-Label-Sequence"));
      return { sequence, annotatorIds, numAnnotators, numAgreeing, labelledAt_s };
    },
  });

export const imageFactsQuery = (projectId: number, count: number) =>
  queryOptions({
    queryKey: keys.imageFacts(projectId, count),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<ImageFacts> => {
      const { buffer } = await fetchBytes(`/api/v1/projects/${projectId}/image-facts?count=${count}`);
      const [width_px, height_px, kilobytes, importIds, addedAt_s] = rowsOf(buffer, 5);
      return { width_px, height_px, kilobytes, importIds, addedAt_s };
    },
  });

/** Indexes of the images whose path holds every word of `text`. `count` makes a search stale when images come or go. */
export const imageSearchQuery = (projectId: number, text: string, count: number) =>
  queryOptions({
    queryKey: keys.imageSearch(projectId, text, count),
    queryFn: async () => {
      const address = `/api/v1/projects/${projectId}/image-search?text=${encodeURIComponent(text)}`;
      return new Int32Array((await fetchBytes(address)).buffer);
    },
  });

/** (N) probability of a class times 255; null where the model does not know the class. */
export const probabilityQuery = (projectId: number, modelVersion: number | null, classId: number | null) =>
  queryOptions({
    queryKey: keys.probability(projectId, modelVersion, classId),
    enabled: modelVersion !== null && classId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        const address = `/api/v1/projects/${projectId}/models/${modelVersion}/probabilities/${classId}`;
        return new Uint8Array((await fetchBytes(address)).buffer);
      } catch (error) {
        if (error instanceof ApiError && error.code === "class_not_in_model") return null;
        throw error;
      }
    },
  });

export interface OddnessInput {
  projectId: number;
  view: "whole" | "crop";
  modelVersion: number | null;
  indexes: Uint32Array;
  /** Stands for the indexes in the cache. */
  key: string;
}

/** Distance of each image from the middle of them all, by what the model sees; NaN = not known; null if none is. */
export const oddnessQuery = ({ projectId, view, modelVersion, indexes, key }: OddnessInput) =>
  queryOptions({
    queryKey: keys.oddness(projectId, view, modelVersion, key),
    enabled: indexes.length > 1,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const body = { image_indexes: Array.from(indexes), view };
      const { buffer } = await postForBytes(`/api/v1/projects/${projectId}/oddness`, body, signal);
      const distances = new Float32Array(buffer);
      return distances.every(Number.isNaN) ? null : distances;
    },
  });

export const annotatorsQuery = (projectId: number) =>
  queryOptions({
    queryKey: keys.annotators(projectId),
    queryFn: async () => {
      const annotators = await allItems((query) =>
        unwrap(
          api.GET("/api/v1/projects/{project_id}/annotators", {
            params: { path: { project_id: projectId }, query },
          }),
        ),
      );
      return annotators.sort(byUsername);
    },
  });

/** Saliency of one image and class: `codes` row by row, 255 = the strongest place. */
export interface Saliency {
  height: number;
  width: number;
  codes: Uint8Array;
}

/** Null where the model keeps no map of that class. */
export const saliencyQuery = (projectId: number, index: number, modelVersion: number, classId: number) =>
  queryOptions({
    queryKey: keys.saliency(projectId, index, modelVersion, classId),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Saliency | null> => {
      const address = `/api/v1/projects/${projectId}/images/${index}/saliency?class_id=${classId}`;
      try {
        const { buffer, headers } = await fetchBytes(address);
        const [height, width] = (headers.get("X-Array-Shape") ?? "").split(",").map(Number);
        return { height, width, codes: new Uint8Array(buffer) };
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return null;
        throw error;
      }
    },
  });
