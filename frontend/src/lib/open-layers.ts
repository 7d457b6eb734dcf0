/**
 * Menus, forms and dialogs that lie over a screen. Escape closes the one on top, which may be gone from the page before
 * the screen hears of the same key: so it is looked up when the key goes down, before anybody acts on it.
 */

const LAYERS = ".mantine-Menu-dropdown, .mantine-Popover-dropdown, .mantine-Modal-content";
let wasOpen = false;

function note(): void {
  const found = document.querySelectorAll(LAYERS);
  wasOpen = [...found].some((element) => element.getClientRects().length > 0);
}

/** To be called before anything is drawn: listeners of a window hear keys in the order in which they came. */
export function watchOpenLayers(): void {
  window.addEventListener("keydown", note, { capture: true });
}

/** Whether a layer was open when the last key went down. */
export function wasLayerOpen(): boolean {
  return wasOpen;
}
