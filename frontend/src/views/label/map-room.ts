/** How the window is shared out between the panels and one map, or two side by side. */
import type { Insets } from "../../lib/fit-camera";

/** The main map is always there; the second stands to its right with both side by side. */
export type MapSide = "main" | "second";

/** A map's container, and what the panels cover of it, CSS pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly insets: Insets;
}

/** Sizes of what lies over the maps, gaps included, CSS pixels. */
export interface Panels {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Free ground between a fitted picture and the next panel, CSS pixels: enough to start a lasso around it there. */
export const FIT_MARGIN_PX = 16;
/** Height of the tools and the bar at the lower edge, with their gaps. */
const TOOLS_PX = 100;

/** Where two maps side by side meet: in the middle of what the panels leave free. */
export function splitAt(windowWidth: number, { left, right }: Panels): number {
  return left + (windowWidth - left - right) / 2;
}

export function roomOf(
  size: { width: number; height: number },
  panels: Panels,
  { side, isSplit, thumbnailPx }: { side: MapSide; isSplit: boolean; thumbnailPx: number },
): Room {
  const margin = thumbnailPx / 2 + FIT_MARGIN_PX;
  const split = splitAt(size.width, panels);
  const hasLeft = side === "main";
  const hasRight = side === "second" || !isSplit;
  const width = hasLeft && hasRight ? size.width : hasLeft ? split : size.width - split;
  return {
    width,
    height: size.height,
    insets: {
      top: panels.top + margin,
      right: (hasRight ? panels.right : 0) + margin,
      bottom: panels.bottom + margin,
      left: (hasLeft ? panels.left : 0) + margin,
    },
  };
}

/** The panels of a window, read from their own sizes, so that they follow the theme's scale. */
export function panelsOf(element: HTMLElement): Panels {
  const style = getComputedStyle(element);
  const px = (name: string) => Number.parseFloat(style.getPropertyValue(name)) || 0;
  const gaps = 2 * px("--panel-gap");
  return {
    top: px("--bar-height") + gaps,
    right: px("--right-width") + gaps,
    bottom: TOOLS_PX,
    left: px("--left-width") + gaps,
  };
}

/** Of the page, CSS pixels. */
export function windowSize(): { width: number; height: number } {
  return { width: window.innerWidth, height: window.innerHeight };
}
