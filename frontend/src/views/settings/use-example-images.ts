import { useQueries } from "@tanstack/react-query";
import { imageQuery, imageUrl, predictionQuery } from "../../api/queries";
import type { Project } from "../../api/types";

/** One image with what its crop at any rate needs; no codes before the first model. */
export interface ExampleImage {
  index: number;
  url: string;
  /** Width over height. */
  aspect: number;
  codes: Uint8Array | null;
  height: number;
  width: number;
}

/** Some images of the project with their saliency profiles, to show crops of. */
export function useExampleImages(project: Project): ExampleImage[] {
  const indexes = project.preview_indexes;
  const images = useQueries({ queries: indexes.map((index) => imageQuery(project.id, index)) });
  const modelVersion = project.model?.number ?? null;
  const predictions = useQueries({
    queries: indexes.map((index) => predictionQuery(project.id, index, modelVersion)),
  });
  return indexes.flatMap((index, at) => {
    const image = images[at].data;
    if (!image) return [];
    const prediction = predictions[at].data;
    return {
      index,
      url: imageUrl(project.id, index, "thumbnail"),
      aspect: image.width / image.height,
      codes: prediction ? Uint8Array.from([...prediction.profile_x, ...prediction.profile_y]) : null,
      height: prediction?.profile_y.length ?? 1,
      width: prediction?.profile_x.length ?? 1,
    };
  });
}
