/** What is drawn over the map to explore it: its groups as ready lassoes, or how images moved since the last model. */
import { createStore, type StoreApi } from "zustand/vanilla";

export type Explored = "clusters" | "changes";

export const EXPLORED_TITLES: Record<Explored, string> = {
  clusters: "Groups on the map",
  changes: "What changed with the last model",
};

export interface ExploreState {
  readonly shown: Explored | null;
  /** Number of the cluster, or index of the image, that the pointer or the focus is on in the list. */
  readonly marked: number | null;
}

export type ExploreStore = StoreApi<ExploreState>;

export function createExploreStore(): ExploreStore {
  return createStore<ExploreState>(() => ({ shown: null, marked: null }));
}

/** Show one of them, or neither when it is shown already. */
export function toggleExplored(store: ExploreStore, what: Explored): void {
  store.setState({ shown: store.getState().shown === what ? null : what, marked: null });
}

/** Indexes of the images of one cluster, ascending. */
export function membersOf(clusterOfImage: Int32Array, cluster: number): Uint32Array {
  const members: number[] = [];
  for (let index = 0; index < clusterOfImage.length; index++) {
    if (clusterOfImage[index] === cluster) members.push(index);
  }
  return Uint32Array.from(members);
}
