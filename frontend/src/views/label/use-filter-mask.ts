/** Keeps the mask of the filter up to date with labels, predictions and what has to be read for it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { imageFactsQuery, imageSearchQuery } from "../../api/array-queries";
import { countPassing, filterMask, needsImageFacts, needsLabelFacts } from "../../lib/filter";
import { useProject } from "./project-context";
import { useLabelFacts } from "./use-label-facts";

export function useFilterMask(): void {
  const { session } = useProject();
  const filter = useStore(session.filter, (state) => state.filter);
  const labels = useStore(session.sync.labels, (state) => state.shown);
  const data = useStore(session.map, (state) => state.data);
  const numImages = data?.numImages ?? 0;
  const text = filter.text.trim();
  const labelFacts = useLabelFacts(needsLabelFacts(filter));
  const imageFacts = useQuery({
    ...imageFactsQuery(session.projectId, numImages),
    enabled: needsImageFacts(filter) && numImages > 0,
  });
  const search = useQuery({
    ...imageSearchQuery(session.projectId, text, data?.numPresent ?? 0),
    enabled: text !== "" && numImages > 0,
  });
  const mask = useMemo(
    () =>
      filterMask(filter, {
        numImages,
        removed: data?.removed ?? null,
        labels,
        predictions: data?.predictedClass ?? null,
        confidence: data?.confidence ?? null,
        annotatorIds: labelFacts?.annotatorIds ?? null,
        numAnnotators: labelFacts?.numAnnotators ?? null,
        numAgreeing: labelFacts?.numAgreeing ?? null,
        width_px: imageFacts.data?.width_px ?? null,
        height_px: imageFacts.data?.height_px ?? null,
        importIds: imageFacts.data?.importIds ?? null,
        addedAt_s: imageFacts.data?.addedAt_s ?? null,
        found: search.data ?? null,
      }),
    [filter, numImages, labels, data, labelFacts, imageFacts.data, search.data],
  );
  const isLoading =
    (needsLabelFacts(filter) && !labelFacts) || imageFacts.isFetching || (text !== "" && search.isFetching);
  useEffect(
    () => session.filter.setState({ mask, numPassing: countPassing(mask, numImages), isLoading }),
    [session, mask, numImages, isLoading],
  );
}
