import { Button, useComputedColorScheme } from "@mantine/core";
import { IconCube3dSphere } from "@tabler/icons-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { messageOf } from "../../api/problem";
import { WebGlUnavailable } from "../../scatter";
import { useMapBackground } from "../common/map-background";
import { StateCard } from "../common/states";
import type { Appearance } from "./map-binding";
import classes from "./map-canvas.module.css";
import type { CameraLink } from "./map-link";
import type { MapSide } from "./map-room";
import { type MountedMap, mountMap } from "./map-setup";
import { useProject } from "./project-context";

export interface MapCanvasProps {
  side: MapSide;
  isSplit: boolean;
  link: CameraLink;
  handle: RefObject<MountedMap | null>;
}

const TEST_IDS: Record<MapSide, string> = { main: "map", second: "map-crop" };

export function MapCanvas({ side, isSplit, link, handle }: MapCanvasProps) {
  const { session } = useProject();
  const background = useMapBackground();
  const isDark = useComputedColorScheme("dark") === "dark";
  const projectionIds = useStore(session.map, (state) => state.data?.projectionIds);
  const container = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isLost, setIsLost] = useState(false);
  const appearance = useRef<Appearance>({ background, isDark });
  appearance.current = { background, isDark };

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    try {
      handle.current = mountMap({
        container: element,
        side,
        session,
        link,
        appearance: appearance.current,
        onLost: setIsLost,
      });
    } catch (error) {
      if (!(error instanceof WebGlUnavailable)) throw error;
      setFailure(error);
      return;
    }
    // The ring around the window is for those who came by keyboard, not for a click followed by a key.
    const markFocus = (event: FocusEvent) => {
      element.dataset.byKeyboard = String((event.target as HTMLElement).matches(":focus-visible"));
    };
    element.addEventListener("focusin", markFocus);
    return () => {
      element.removeEventListener("focusin", markFocus);
      handle.current?.dispose();
      handle.current = null;
    };
  }, [session, side, link, handle]);

  useEffect(
    () => handle.current?.binding.setAppearance({ background, isDark }),
    [background, isDark, handle],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the room changes with the split
  useLayoutEffect(() => handle.current?.roomChanged(), [isSplit]);

  return (
    <div
      ref={container}
      className={classes.map}
      data-side={side}
      data-split={isSplit}
      data-testid={TEST_IDS[side]}
      data-projection={projectionIds?.whole ?? ""}
      data-crop-projection={projectionIds?.crop ?? ""}
    >
      {isLost && (
        <div className={classes.lost} role="status" data-testid="no-image-in-view">
          No image here
          <Button size="compact-sm" variant="default" onClick={() => handle.current?.fit()}>
            Back to the images
          </Button>
        </div>
      )}
      {failure !== null && (
        <div className={classes.failure} data-testid="no-webgl">
          <StateCard
            role="alert"
            icon={<IconCube3dSphere size={22} />}
            title="This browser cannot draw the map"
            detail={`${messageOf(failure)}. Switch on hardware acceleration, or use a current Chrome, Edge, Firefox or Safari.`}
          />
        </div>
      )}
    </div>
  );
}
