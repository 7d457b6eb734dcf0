/** The address bar and the view: what the address asks for is shown, and what is shown stands in the address. */
import { settled } from "../lib/settled";
import { type LinkedLook, readView as readLink, writeView } from "../lib/view-link";
import type { CameraStore } from "./camera";
import type { FilterStore } from "./filter";
import { readView, type ViewState, type ViewStore } from "./view";

const SETTLE_MS = 250;
/** Both layouts side by side, in an address. */
const BOTH = "both";

/** The stores that an address speaks of. */
export interface Addressed {
  readonly view: ViewStore;
  readonly filter: FilterStore;
  readonly camera: CameraStore;
}

export interface AddressOptions {
  stores: Addressed;
  /** The person's view without a link; its retention is that of each layout. */
  defaults: ViewState;
  /** "?label=3", or "". */
  search: string;
  /** Puts "label=3" or "" into the address without a step in the history. */
  write: (search: string) => void;
}

/** Show what the address asks for, then keep it up to date until the returned function is called. */
export function followAddress({ stores, defaults, search, write }: AddressOptions): () => void {
  const { view, filter, camera } = stores;
  if (search.length > 1) show(search, stores);
  const { later, stop } = settled(SETTLE_MS, () => write(currentLink(stores, defaults)));
  const stops = [
    view.subscribe(later),
    camera.subscribe((state, previous) => {
      if (state.shown !== previous.shown) later();
    }),
    filter.subscribe((state, previous) => {
      if (state.filter !== previous.filter || state.hidesRest !== previous.hidesRest) later();
    }),
  ];
  return () => {
    stop();
    for (const unsubscribe of stops) unsubscribe();
  };
}

/** The view as shown, as the part of an address behind "?". */
export function currentLink({ view, filter, camera }: Addressed, defaults: ViewState): string {
  const state = view.getState();
  const lookOf = (
    { layout, isSplit, colourBy, colourClassId, display, retentions }: ViewState,
    at: ViewState["layout"],
  ): LinkedLook => ({
    layout: isSplit ? BOTH : layout,
    colourBy,
    colourClassId,
    display,
    retention: retentions[at],
  });
  const { filter: asked, hidesRest } = filter.getState();
  return writeView(
    { look: lookOf(state, state.layout), filter: asked, hidesRest, sight: camera.getState().shown },
    lookOf(defaults, state.layout),
  );
}

/** Show a link's view in place of the one at hand. */
export function show(search: string, { view, filter, camera }: Addressed): void {
  const linked = readLink(search);
  const state = view.getState();
  const { layout, retention, ...rest } = linked.look;
  const isSplit = layout === BOTH;
  const placing = layout === undefined ? {} : isSplit ? { isSplit } : { isSplit, layout };
  const asked = readView(JSON.stringify({ ...state, ...rest, ...placing }), state);
  const retentions =
    retention === undefined ? asked.retentions : { ...asked.retentions, [asked.layout]: retention };
  // A linked crop margin is one that somebody set: it goes before the project's crop rates.
  const followsRates = asked.followsRates && !(retention !== undefined && asked.layout === "crop");
  view.setState(readView(JSON.stringify({ ...asked, retentions, followsRates }), asked));
  filter.setState({ filter: linked.filter, hidesRest: linked.hidesRest });
  camera.setState({ asked: { sight: linked.sight ?? "all" } });
}
