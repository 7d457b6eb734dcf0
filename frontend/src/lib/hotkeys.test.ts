import { expect, test } from "vitest";
import { CLASS_KEYS, checkHotkey, keyCaps, RESERVED_KEYS } from "./hotkeys";

test("digits come first, then letters, and keys of the screen are left out", () => {
  expect(CLASS_KEYS.slice(0, 12).join("")).toBe("1234567890qw");
  expect(CLASS_KEYS.some((key) => RESERVED_KEYS.has(key))).toBe(false);
  expect(CLASS_KEYS).toHaveLength(36 - RESERVED_KEYS.size);
});

test("a key is refused with the reason", () => {
  const others = new Map([["1", "cat"]]);
  expect(checkHotkey("2", others)).toEqual({ ok: true, key: "2" });
  expect(checkHotkey("Q", others)).toEqual({ ok: true, key: "q" });
  expect(checkHotkey("ä", others)).toEqual({ ok: false, reason: "ä is not a letter from A to Z or a digit" });
  expect(checkHotkey("1", others)).toEqual({ ok: false, reason: "1 is the key of cat" });
  expect(checkHotkey("l", others)).toEqual({ ok: false, reason: "L is a key of this screen" });
  expect(checkHotkey("F1", others)).toEqual({ ok: false, reason: "Press one letter or digit" });
  expect(checkHotkey("?", others)).toEqual({ ok: false, reason: "? is not a letter from A to Z or a digit" });
});

test("key caps are named as on a keyboard", () => {
  expect(keyCaps("mod+shift+z")).toEqual(["Ctrl", "Shift", "Z"]);
  expect(keyCaps("mod+k", true)).toEqual(["⌘", "K"]);
  expect(keyCaps("shift+?")).toEqual(["?"]);
  expect(keyCaps("escape")).toEqual(["Esc"]);
});
