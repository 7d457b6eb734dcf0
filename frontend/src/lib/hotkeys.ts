/** Keys of classes: one character each, digits first, never one that an action of the screen uses. */
import { hotkeys } from "../../../labeler/annotations/class_defaults.json";

/** Letters that the Label screen keeps for itself; `actions.ts` takes its single keys from here. */
export const SCREEN_KEYS = {
  lasso: "l",
  box: "b",
  pan: "h",
  view: "v",
  display: "t",
  colour: "c",
  fit: "f",
  open: "o",
  addClass: "n",
  clearLabel: "x",
} as const;

export const RESERVED_KEYS: ReadonlySet<string> = new Set(Object.values(SCREEN_KEYS));
/** What the server gives to classes and takes for them. */
export const CLASS_KEYS: readonly string[] = [...hotkeys];

export type HotkeyVerdict = { ok: true; key: string } | { ok: false; reason: string };

/** Whether a class may have the pressed key. `others`: name of the class that has a key, by key. */
export function checkHotkey(pressed: string, others: ReadonlyMap<string, string>): HotkeyVerdict {
  const key = pressed.toLowerCase();
  if ([...key].length !== 1 || /\s/u.test(key)) return { ok: false, reason: "Press one letter or digit" };
  if (!/[0-9a-z]/.test(key))
    return { ok: false, reason: `${pressed} is not a letter from A to Z or a digit` };
  if (RESERVED_KEYS.has(key)) return { ok: false, reason: `${key.toUpperCase()} is a key of this screen` };
  const owner = others.get(key);
  if (owner !== undefined) return { ok: false, reason: `${key.toUpperCase()} is the key of ${owner}` };
  return { ok: true, key };
}

/** "mod+shift+z" -> ["Ctrl", "Shift", "Z"] as printed on keys. */
export function keyCaps(hotkey: string, isMac = false): string[] {
  const names: Record<string, string> = {
    mod: isMac ? "⌘" : "Ctrl",
    shift: "Shift",
    alt: isMac ? "⌥" : "Alt",
    escape: "Esc",
    delete: "Del",
    enter: "Enter",
    space: "Space",
    backspace: "⌫",
    "?": "?",
  };
  return hotkey
    .split("+")
    .filter((part, at, parts) => !(part === "shift" && parts[at + 1] === "?"))
    .map((part) => names[part.toLowerCase()] ?? part.toUpperCase());
}
