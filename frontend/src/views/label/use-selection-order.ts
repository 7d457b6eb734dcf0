/** The images of the selection's grid in the order to show them, those left out among them. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { useStore } from "zustand";
import { oddnessQuery, probabilityQuery } from "../../api/array-queries";
import { summarize } from "../../lib/guard";
import { distancesOnMap, oddOnes, orderSelection, type SortBy } from "../../lib/selection-order";
import { useProject, useView } from "./project-context";

const NO_PLACES = new Float32Array();

/** The class in question: the one that waits for the guard, else the one most predicted in the selection. */
export function useClassInQuestion(): number | null {
  const { session } = useProject();
  const pending = useStore(session.screen, (screen) => screen.pendingLabel);
  const indexes = useStore(session.selection, (selection) => selection.indexes);
  const predictions = useStore(session.map, (state) => state.data?.predictedClass ?? null);
  const guessed = useMemo(
    () => summarize(indexes, new Int32Array(), predictions).predictions[0]?.classId ?? null,
    [indexes, predictions],
  );
  return pending ? pending.classId : guessed;
}

/** (N) probability of a class times 255; null when it is not known (yet). */
export function useProbability(classId: number | null): Uint8Array | null {
  const { session } = useProject();
  const modelVersion = useStore(session.map, (state) => state.data?.modelVersion ?? null);
  return useQuery(probabilityQuery(session.projectId, modelVersion, classId)).data ?? null;
}

export interface SelectionOrder {
  /** Selected and left out images, in order. */
  ordered: Uint32Array;
  isOut: (index: number) => boolean;
  /** Selected images far from the others. */
  odd: Uint32Array;
  sortBy: SortBy;
  /** False while the images are still being compared: their order may change once, if none was taken out by then. */
  isSettled: boolean;
}

export function useSelectionOrder(): SelectionOrder {
  const { session } = useProject();
  const { indexes, leftOut } = useStore(session.selection);
  const pending = useStore(session.screen, (screen) => screen.pendingLabel);
  const chosen = useStore(session.grid, (grid) => grid.sortBy);
  const data = useStore(session.map, (state) => state.data);
  const probability = useProbability(useClassInQuestion());
  // At the guard what speaks against the label comes first, whatever the order chosen.
  const sortBy: SortBy = pending ? (probability ? "class" : "odd") : chosen;

  // Another class in question reorders only what is ordered by it.
  const asked = sortBy === "class" ? probability : null;

  // Taking images out leaves the others where they are: the order is of all, selected or left out.
  const members = useMemo(() => {
    const all = new Uint32Array(indexes.length + leftOut.length);
    all.set(indexes);
    all.set(leftOut, indexes.length);
    return all.sort();
  }, [indexes, leftOut]);
  const key = `${members.length}:${members[0]}:${members.at(-1)}:${members.reduce((sum, index) => (sum * 31 + index) | 0, 0)}`;
  const { distances, isSettled } = useDistances(members, key);
  const steady = useSteady(distances, { key, isTouched: leftOut.length > 0 });
  const wanted = sortBy === "odd" ? steady : NO_PLACES;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the members
  const ordered = useMemo(
    () =>
      orderSelection(members, {
        sortBy,
        distances: wanted,
        confidence: data?.confidence ?? null,
        probability: asked,
      }),
    [key, sortBy, wanted, data?.confidence, asked],
  );
  const out = useMemo(() => new Set(leftOut), [leftOut]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the members
  const far = useMemo(() => oddOnes(members, distances), [key, distances]);
  const odd = useMemo(() => far.filter((index) => !out.has(index)), [far, out]);
  return { ordered, isOut: (index) => out.has(index), odd, sortBy, isSettled };
}

/** Distances as they were when somebody began to take images of a selection out: nothing moves under a hand. */
function useSteady(
  distances: Float32Array,
  { key, isTouched }: { key: string; isTouched: boolean },
): Float32Array {
  const shown = useRef({ key, distances });
  if (shown.current.key !== key || !isTouched) shown.current = { key, distances };
  return shown.current.distances;
}

/** (n) distances from the middle of the n images: of their embeddings, on the map until those are known. */
function useDistances(members: Uint32Array, key: string): { distances: Float32Array; isSettled: boolean } {
  const { session } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const layout = useView((view) => view.layout);
  const view = layout === "crop" && data?.crop ? "crop" : "whole";
  const places = (view === "crop" ? data?.crop : data?.whole) ?? NO_PLACES;
  const { projectId } = session;
  const modelVersion = data?.modelVersion ?? null;
  const compared = useQuery(oddnessQuery({ projectId, view, modelVersion, indexes: members, key }));
  const known = compared.data ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the members
  const distances = useMemo(() => known ?? distancesOnMap(members, places), [known, key, places]);
  return { distances, isSettled: !compared.isLoading };
}
