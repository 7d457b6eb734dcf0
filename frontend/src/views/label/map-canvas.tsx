import { useComputedColorScheme } from "@mantine/core";
import { IconCube3dSphere } from "@tabler/icons-react";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useStore } from "zustand";
import { messageOf } from "../../api/problem";
import { cellFetcher } from "../../api/project-server";
import { combineIndexes } from "../../lib/selections";
import { ScatterMap, type SelectGestureKind, WebGlUnavailable } from "../../scatter";
import type { ProjectSession } from "../../state/project-session";
import { type SelectionGesture, setSelection } from "../../state/selection";
import { useMapBackground } from "../common/map-background";
import { StateCard } from "../common/states";
import { type Appearance, MapBinding } from "./map-binding";
import classes from "./map-canvas.module.css";
import { useProject } from "./project-context";

/** What the screen may ask of the map. */
export interface MapHandle {
  fit: () => void;
  zoomBy: (factor: number) => void;
}

/** Room for the panels around the fitted map, in CSS pixels: margin plus half a thumbnail. */
const FIT_MARGIN_PX = 34;

/** Free part of the map: read from the panels' own sizes, so that it follows the theme's scale. */
function measure(container: HTMLElement) {
  const style = getComputedStyle(container);
  const px = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
  const gap = px("--panel-gap");
  return {
    width: container.clientWidth,
    height: container.clientHeight,
    insets: {
      top: px("--bar-height") + 2 * gap + FIT_MARGIN_PX,
      right: px("--right-width") + 2 * gap + FIT_MARGIN_PX,
      bottom: 100 + FIT_MARGIN_PX,
      left: px("--left-width") + 2 * gap + FIT_MARGIN_PX,
    },
  };
}

function createMap(container: HTMLElement, session: ProjectSession): ScatterMap {
  const { selection, screen } = session;
  return new ScatterMap({
    container,
    label: "Map of the images. Drag to select; arrow keys move between images.",
    requestCells: cellFetcher(session.projectId),
    onSelect: (indexes, combine, gesture) => {
      const kinds: Record<SelectGestureKind, SelectionGesture> = {
        click: "click",
        lasso: "lasso",
        box: "box",
        keyboard: "keyboard",
      };
      const combined = combineIndexes(selection.getState().indexes, indexes, combine);
      setSelection(selection, combined, {
        gesture: kinds[gesture.kind],
        polygon: gesture.polygon,
        now_ms: performance.now(),
      });
      screen.setState({ lastLabel: null });
    },
    onHover: (hovered) => screen.setState({ hovered }),
    onFocus: (hovered) => screen.setState({ hovered }),
    onCount: (drawnCount) => screen.setState({ drawnCount }),
    onDoubleClick: (openImage) => screen.setState({ openImage }),
    onError: (error) => reportError(error),
  });
}

export function MapCanvas({ handle }: { handle: RefObject<MapHandle | null> }) {
  const { session, classes: active } = useProject();
  const background = useMapBackground();
  const isDark = useComputedColorScheme("dark") === "dark";
  const projectionIds = useStore(session.map, (state) => state.data?.projectionIds);
  const container = useRef<HTMLDivElement>(null);
  const binding = useRef<MapBinding | null>(null);
  const map = useRef<ScatterMap | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const appearance = useRef<Appearance>({ classes: active, background, isDark });
  appearance.current = { classes: active, background, isDark };

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    let created: ScatterMap;
    try {
      created = createMap(element, session);
    } catch (error) {
      if (!(error instanceof WebGlUnavailable)) throw error;
      setFailure(error);
      return;
    }
    const bound = new MapBinding(created, session, appearance.current, () => measure(element));
    Object.defineProperty(element, "scatterMap", { value: created, configurable: true }); // read by tests
    // The ring around the window is for those who came by keyboard, not for a click followed by a key.
    const markFocus = (event: FocusEvent) => {
      element.dataset.byKeyboard = String((event.target as HTMLElement).matches(":focus-visible"));
    };
    element.addEventListener("focusin", markFocus);
    map.current = created;
    binding.current = bound;
    return () => {
      element.removeEventListener("focusin", markFocus);
      bound.dispose();
      created.dispose();
      map.current = null;
      binding.current = null;
    };
  }, [session]);

  useEffect(
    () => binding.current?.setAppearance({ classes: active, background, isDark }),
    [active, background, isDark],
  );

  useImperativeHandle(handle, () => ({
    fit: () => binding.current?.fit(),
    zoomBy: (factor) => map.current?.zoomBy(factor),
  }));

  return (
    <div
      ref={container}
      className={classes.map}
      data-testid="map"
      data-projection={projectionIds?.whole ?? ""}
      data-crop-projection={projectionIds?.crop ?? ""}
    >
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
