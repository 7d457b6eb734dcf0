/** Who gave the labels and who agrees, read again a moment after labels changed while somebody looks at them. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStore } from "zustand";
import { annotatorsQuery, type LabelFacts, labelFactsQuery } from "../../api/array-queries";
import { useProject } from "./project-context";

const SETTLE_MS = 800;

export function useLabelFacts(isNeeded: boolean): LabelFacts | null {
  const { session } = useProject();
  const sequence = useStore(session.sync.labels, (state) => state.sequence);
  const { data, refetch } = useQuery({ ...labelFactsQuery(session.projectId), enabled: isNeeded });
  const isStale = data !== undefined && data.sequence < sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every further label puts the reading off
  useEffect(() => {
    if (!isNeeded || !isStale) return;
    const timer = setTimeout(() => void refetch(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [isNeeded, isStale, sequence, refetch]);
  return data ?? null;
}

/** User name by the id in the label facts. */
export function useAnnotatorNames(isNeeded: boolean): ReadonlyMap<number, string> {
  const { session } = useProject();
  const { data } = useQuery({ ...annotatorsQuery(session.projectId), enabled: isNeeded });
  return new Map(data?.map(({ id, username }) => [id, username]));
}
