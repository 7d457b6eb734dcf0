/**
 * One registry of what can be done on a screen. Keys, the command palette, menus and the help overlay are all made from
 * it, so none of them can say something else than the others.
 */

export type ActionGroup = "Label" | "Select" | "View" | "Project";
export const ACTION_GROUPS: readonly ActionGroup[] = ["Label", "Select", "View", "Project"];

export interface AppAction {
  /** Stable, for tests: "label.undo". */
  id: string;
  title: string;
  group: ActionGroup;
  /** In Mantine's notation: "mod+z". The first is shown. */
  hotkeys: readonly string[];
  isEnabled: boolean;
  /** Class keys are many: they are left out of the help overlay's list. */
  isPerClass?: boolean;
  run: () => void;
}

/** What the mouse does on the map; shown beside the keys. */
export const GESTURES: readonly { keys: readonly string[]; title: string }[] = [
  { keys: ["Drag"], title: "Draw around images with the lasso, or a box" },
  { keys: ["Shift", "Drag"], title: "Add to the selection" },
  { keys: ["Alt", "Drag"], title: "Take away from the selection" },
  { keys: ["Click"], title: "Select one image; on empty ground select nothing" },
  { keys: ["Ctrl", "Drag"], title: "Keep of the selection what is inside" },
  { keys: ["Double-click"], title: "Open the image large; on a dot or the ground, select the whole cloud" },
  { keys: ["Shift", "Double-click"], title: "Add the whole cloud around" },
  { keys: ["Wheel"], title: "Zoom at the pointer" },
  { keys: ["Space", "Drag"], title: "Move the map; so do the middle and right buttons" },
];

/** What the mouse and keys do in the grid of the selection. */
export const GRID_GESTURES: readonly { keys: readonly string[]; title: string }[] = [
  { keys: ["Click"], title: "Leave an image out, or put it back" },
  { keys: ["Drag"], title: "The same for all that are crossed" },
  { keys: ["Shift", "Click"], title: "The same for all in between" },
  { keys: ["Arrows", "Space"], title: "The same by keys" },
  { keys: ["Double-click"], title: "Open the image large" },
];

/** [hotkey, handler] pairs of the enabled actions. */
export function hotkeyBindings(actions: readonly AppAction[]): [string, () => void][] {
  return actions
    .filter((action) => action.isEnabled)
    .flatMap((action) => action.hotkeys.map((hotkey): [string, () => void] => [hotkey, action.run]));
}

/** Keys that more than one action claims; empty in a sound registry. */
export function clashingHotkeys(actions: readonly AppAction[]): string[] {
  const seen = new Set<string>();
  const clashes = new Set<string>();
  for (const hotkey of actions.flatMap((action) => action.hotkeys)) {
    if (seen.has(hotkey)) clashes.add(hotkey);
    seen.add(hotkey);
  }
  return [...clashes];
}

export function actionsByGroup(actions: readonly AppAction[]): Map<ActionGroup, AppAction[]> {
  const groups = new Map<ActionGroup, AppAction[]>();
  for (const group of ACTION_GROUPS) {
    const members = actions.filter((action) => action.group === group);
    if (members.length > 0) groups.set(group, members);
  }
  return groups;
}
