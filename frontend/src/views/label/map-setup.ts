/** Makes a map in its container and ties it to the open project: its gestures to the stores, its camera to the link. */
import { cellFetcher, pictureFetcher } from "../../api/project-server";
import { combineIndexes } from "../../lib/selections";
import { settled } from "../../lib/settled";
import { sightOf } from "../../lib/sight";
import { type Camera, ScatterMap, type SelectGestureKind } from "../../scatter";
import type { ProjectSession } from "../../state/project-session";
import { type SelectionGesture, setSelection } from "../../state/selection";
import { type Appearance, MapBinding } from "./map-binding";
import { type CameraLink, type LinkedMap, rescaled } from "./map-link";
import { type MapSide, panelsOf, type Room, roomOf } from "./map-room";
import type { NeighbourMap } from "./map-select-actions";

/** What the screen may ask of the map. */
export interface MapHandle extends NeighbourMap {
  fit: () => void;
  zoomBy: (factor: number) => void;
}

export interface MountedMap extends MapHandle {
  readonly binding: MapBinding;
  /** The map was given more or less of the window: what was in view stays in view; untouched, it is fitted anew. */
  roomChanged: () => void;
  /** The other maps move to where this one is. */
  lead: () => void;
  camera: () => Camera;
  /** Calls back after each move of the camera, until the answer is called. */
  onCamera: (listener: () => void) => () => void;
  dispose: () => void;
}

export interface MapSetup {
  readonly container: HTMLElement;
  readonly side: MapSide;
  readonly session: ProjectSession;
  readonly link: CameraLink;
  readonly appearance: Appearance;
  /** The map has been moved to where there is no image, or back. */
  readonly onLost: (isLost: boolean) => void;
}

const LABELS: Record<MapSide, string> = {
  main: "Map of the images. Drag to select; arrow keys move between images.",
  second: "Crop map of the images. Drag to select; arrow keys move between images.",
};
/** A selection grows by this many thumbnails at a time. */
const NEIGHBOUR_REACH = 1.2;
/** A view is looked at once it has stood still for so long. */
const SETTLE_MS = 250;
/** What takes the map in hand. */
const TOUCHES = ["pointerdown", "wheel", "keydown"] as const;
const GESTURES: Record<SelectGestureKind, SelectionGesture> = {
  click: "click",
  lasso: "lasso",
  box: "box",
  keyboard: "keyboard",
};

/** True where both layouts are side by side: asked for, and there are both. */
export function isSplitShown({ view, map }: Pick<ProjectSession, "view" | "map">): boolean {
  return view.getState().isSplit && map.getState().data?.crop != null;
}

export function mountMap(setup: MapSetup): MountedMap {
  const { container, side, session, link, appearance } = setup;
  let isSplit = isSplitShown(session);
  const room = (thumbnailPx: number): Room => {
    const screen = container.parentElement ?? container;
    const size = { width: screen.clientWidth, height: screen.clientHeight };
    return roomOf(size, panelsOf(container), { side, isSplit, thumbnailPx });
  };
  const followers = new Set<() => void>();
  const standsStill = settled(SETTLE_MS, () => {
    setup.onLost(
      (session.map.getState().data?.numPresent ?? 0) > 0 && !map.hasItemInView(binding.thumbnailPx() / 2),
    );
    if (link.isTouched && isInHand(setup))
      session.camera.setState({ shown: sightOf(map.getCamera(), binding.room()) });
  });
  const map = createMap(setup, () => {
    link.moved(linked);
    for (const follow of followers) follow();
    standsStill.later();
  });
  const linked: LinkedMap = {
    getCamera: () => map.getCamera(),
    setCamera: (camera) => map.setCamera(camera),
    room: () => binding.room(),
  };
  const binding = new MapBinding(map, session, appearance, { side, link, roomOf: room });
  const leave = link.join(linked);
  const stops = [session.map.subscribe(standsStill.later), session.filter.subscribe(standsStill.later)];
  const resized = new ResizeObserver(() => {
    if (!link.isTouched) binding.fit({ animate: false });
  });
  resized.observe(container);
  const touched = new AbortController();
  for (const type of TOUCHES) {
    const options = { passive: true, signal: touched.signal };
    container.addEventListener(type, () => touch(setup), options);
  }
  Object.defineProperty(container, "scatterMap", { value: map, configurable: true }); // read by tests

  return {
    binding,
    fit: () => binding.fit(),
    grown: (indexes) => map.grown(indexes, binding.thumbnailPx() * NEIGHBOUR_REACH),
    zoomBy: (factor) => {
      link.isTouched = true;
      map.zoomBy(factor);
    },
    roomChanged: () => {
      if (isSplit === isSplitShown(session)) return;
      const before = binding.room();
      isSplit = !isSplit;
      if (!session.map.getState().data) return;
      if (link.isTouched) map.setCamera(rescaled(map.getCamera(), before, binding.room()));
      else binding.fit({ animate: false });
    },
    lead: () => link.moved(linked),
    camera: () => map.getCamera(),
    onCamera: (listener) => {
      followers.add(listener);
      return () => followers.delete(listener);
    },
    dispose: () => {
      touched.abort();
      resized.disconnect();
      standsStill.stop();
      for (const stop of stops) stop();
      leave();
      binding.dispose();
      map.dispose();
    },
  };
}

/** Side by side the map last touched is the one in hand. */
function isInHand({ session, side }: MapSetup): boolean {
  return !isSplitShown(session) || (session.view.getState().layout === "crop") === (side === "second");
}

/** A person works on this map: the camera is theirs, and side by side its layout is the one in hand. */
function touch({ session, side, link }: MapSetup): void {
  link.isTouched = true;
  if (!isSplitShown(session)) return;
  const layout = side === "second" ? "crop" : "whole";
  if (session.view.getState().layout !== layout) session.view.setState({ layout });
}

function createMap({ container, side, session }: MapSetup, onCamera: () => void): ScatterMap {
  const { selection, screen } = session;
  return new ScatterMap({
    container,
    label: LABELS[side],
    requestCells: cellFetcher(session.projectId),
    requestPicture: pictureFetcher(session.projectId),
    onSelect: (indexes, combine, gesture) => {
      const combined = combineIndexes(selection.getState().indexes, indexes, combine);
      setSelection(selection, combined, {
        gesture: GESTURES[gesture.kind],
        polygon: gesture.polygon,
        now_ms: performance.now(),
      });
      screen.setState({ lastLabel: null });
    },
    onHover: (hovered) => screen.setState({ hovered }),
    onFocus: (focused) => screen.setState({ focused, hovered: focused }),
    onCamera,
    onCount: (drawnCount) => screen.setState({ drawnCount }),
    onDoubleClick: (openImage) => screen.setState({ openImage }),
    onError: (error) => reportError(error),
  });
}
