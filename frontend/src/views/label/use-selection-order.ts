/** The images of the selection's grid in the order to show them, those left out among them. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "zustand";
import { probabilityQuery } from "../../api/array-queries";
import { summarize } from "../../lib/guard";
import { oddOnes, orderSelection, type SortBy } from "../../lib/selection-order";
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
}

export function useSelectionOrder(): SelectionOrder {
  const { session } = useProject();
  const { indexes, leftOut } = useStore(session.selection);
  const pending = useStore(session.screen, (screen) => screen.pendingLabel);
  const chosen = useStore(session.grid, (grid) => grid.sortBy);
  const data = useStore(session.map, (state) => state.data);
  const layout = useView((view) => view.layout);
  const probability = useProbability(useClassInQuestion());
  const places = (layout === "crop" ? data?.crop : data?.whole) ?? NO_PLACES;
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the members
  const ordered = useMemo(
    () =>
      orderSelection(members, {
        sortBy,
        layout: places,
        confidence: data?.confidence ?? null,
        probability: asked,
      }),
    [key, sortBy, places, data?.confidence, asked],
  );
  const odd = useMemo(() => oddOnes(indexes, places), [indexes, places]);
  const out = useMemo(() => new Set(leftOut), [leftOut]);
  return { ordered, isOut: (index) => out.has(index), odd, sortBy };
}
