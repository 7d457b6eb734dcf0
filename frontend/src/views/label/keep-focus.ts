import type { MouseEvent } from "react";

/**
 * A press with the mouse leaves the focus where it is, so that a button pressed on the way does not swallow the next
 * key; the keyboard still reaches it. Sliders and fields take the focus as ever.
 */
export function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest("button, label")) event.preventDefault();
}
