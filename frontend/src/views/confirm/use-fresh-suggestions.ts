import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStore } from "zustand";
import { suggestionKeys } from "../../api/suggestion-queries";
import { useProject } from "../label/project-context";

/** A model, a finished job or labels of anybody, or images that went or came back make what was read of suggestions stale; pages stay as
 * they are. */
export function useFreshSuggestions(projectId: number): void {
  const { session } = useProject();
  const queryClient = useQueryClient();
  const sequence = useStore(session.sync.labels, (labels) => labels.sequence);
  const modelVersion = useStore(session.map, (map) => map.data?.modelVersion ?? null);
  const removed = useStore(session.map, (map) => map.data?.removed ?? null);
  const numEnded = useStore(
    session.jobs,
    ({ jobs }) => jobs.filter((job) => job.kind === "suggestions" && job.state === "succeeded").length,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: these say that something changed
  useEffect(() => {
    void queryClient.invalidateQueries({
      queryKey: suggestionKeys.all(projectId),
      predicate: (query) => query.queryKey[2] !== "page",
    });
  }, [queryClient, projectId, sequence, modelVersion, numEnded, removed]);
}
