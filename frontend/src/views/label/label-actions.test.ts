import { expect, test } from "vitest";
import type { LabelClass } from "../../api/types";
import { actionsByGroup, clashingHotkeys, hotkeyBindings } from "../../lib/actions";
import { CLASS_KEYS } from "../../lib/hotkeys";
import type { ProjectSession } from "../../state/project-session";
import { buildActions, type LabelIntents, type LabelScreen } from "./label-actions";
import { SelectionGrowth, selectActions } from "./map-select-actions";

const classes: LabelClass[] = CLASS_KEYS.map((hotkey, at) => ({
  id: 100 + at,
  name: `class ${hotkey}`,
  colour: "#3d8bfd",
  hotkey,
  position: at,
  is_archived: false,
  num_labels: 0,
}));

const screen: LabelScreen = {
  classes,
  numSelected: 3,
  numImages: 10,
  hasModel: true,
  mayLabel: true,
  mayEditClasses: true,
  mayTrain: true,
  mayImport: true,
  mayRemoveImages: true,
  layout: "whole",
  isGuarding: false,
};

let calls: unknown[][] = [];
const intents = new Proxy({} as LabelIntents, {
  get:
    (_target, name) =>
    (...args: unknown[]) =>
      calls.push([name, ...args]),
});

const press = (hotkey: string, changes: Partial<LabelScreen> = {}) => {
  calls = [];
  for (const [bound, run] of hotkeyBindings(buildActions({ ...screen, ...changes }, intents))) {
    if (bound === hotkey) run();
  }
  return calls;
};

test("no key has two meanings, with every key that a class may have in use", () => {
  const session = { map: { getState: () => ({ data: null }) } } as unknown as ProjectSession;
  const selects = selectActions(session, classes, new SelectionGrowth(session, () => null));
  for (const isGuarding of [false, true])
    expect(clashingHotkeys([...buildActions({ ...screen, isGuarding }, intents), ...selects])).toEqual([]);
});

test("a class key labels the selection, and does nothing without one or without the right", () => {
  expect(press("2")).toEqual([["assign", 101]]);
  expect(press("2", { numSelected: 0 })).toEqual([]);
  expect(press("2", { mayLabel: false })).toEqual([]);
});

test("the view switch goes to the other map, and not before a model", () => {
  expect(press("v")).toEqual([["setLayout", "crop"]]);
  expect(press("v", { layout: "crop" })).toEqual([["setLayout", "whole"]]);
  expect(press("v", { hasModel: false })).toEqual([]);
});

test("at the guard Enter gives the label and Backspace leaves out the doubtful; else Enter opens the image", () => {
  expect(press("enter")).toEqual([["openImage"]]);
  expect(press("backspace")).toEqual([]);
  expect(press("enter", { isGuarding: true })).toEqual([["confirmLabel"]]);
  expect(press("backspace", { isGuarding: true })).toEqual([["dropDoubtful"]]);
});

test("redo has two keys", () => {
  expect(press("mod+shift+z")).toEqual([["redo"]]);
  expect(press("mod+y")).toEqual([["redo"]]);
});

test("groups come in order and every action is in one", () => {
  const actions = buildActions(screen, intents);
  const groups = actionsByGroup(actions);
  expect([...groups.keys()]).toEqual(["Label", "Select", "View", "Project"]);
  expect([...groups.values()].flat()).toHaveLength(actions.length);
  expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
});
