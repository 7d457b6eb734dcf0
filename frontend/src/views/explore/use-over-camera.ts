/** Keeps what lies over a map in its place: called at once, and after each move of the camera or change of the size. */
import { type RefObject, useEffect, useRef } from "react";
import type { LayoutView } from "../../api/explore-queries";
import type { Camera } from "../../scatter";
import type { MountedMap } from "../label/map-setup";

/** What lies over one of the maps, and which one. */
export interface OverMapProps {
  map: RefObject<MountedMap | null>;
  view: LayoutView;
  side: "main" | "half" | "second";
}

export interface Size {
  width: number;
  height: number;
}

export function useOverCamera(
  map: RefObject<MountedMap | null>,
  element: RefObject<Element | null>,
  place: (camera: Camera, size: Size) => void,
): void {
  const latest = useRef(() => {});
  latest.current = () => {
    const camera = map.current?.camera();
    if (!camera || !element.current) return;
    const { clientWidth: width, clientHeight: height } = element.current;
    place(camera, { width, height });
  };
  // After each render, too: what is to be placed may be new.
  useEffect(() => latest.current());
  useEffect(() => {
    const follow = () => latest.current();
    const resized = new ResizeObserver(follow);
    if (element.current) resized.observe(element.current);
    const stop = map.current?.onCamera(follow);
    return () => {
      resized.disconnect();
      stop?.();
    };
  }, [map, element]);
}
