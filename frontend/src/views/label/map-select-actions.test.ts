import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ProjectSession } from "../../state/project-session";
import { createScreenStore } from "../../state/screen";
import { createSelectionStore, setSelection } from "../../state/selection";
import { SelectionGrowth } from "./map-select-actions";

function opened() {
  const selection = createSelectionStore();
  const screen = createScreenStore();
  const filter = createStore(() => ({ mask: null }));
  return { selection, screen, filter } as unknown as ProjectSession;
}

/** A row of images: each step takes one more on either side. */
const row = {
  grown: (indexes: Uint32Array) => {
    const all = new Set([...indexes].flatMap((index) => [index - 1, index, index + 1]));
    return Uint32Array.from([...all].filter((index) => index >= 0).sort((a, b) => a - b));
  },
};
const chosen = (session: ProjectSession) => [...session.selection.getState().indexes];
const choose = (session: ProjectSession, ...indexes: number[]) =>
  setSelection(session.selection, Uint32Array.from(indexes), { gesture: "click", now_ms: 0 });

test("a selection grows step by step and shrinks by the same steps", () => {
  const session = opened();
  const growth = new SelectionGrowth(session, () => row);
  choose(session, 5);
  growth.grow();
  growth.grow();
  expect(chosen(session)).toEqual([3, 4, 5, 6, 7]);
  growth.shrink();
  expect(chosen(session)).toEqual([4, 5, 6]);
  growth.shrink();
  expect(chosen(session)).toEqual([5]);
  growth.shrink();
  expect(chosen(session)).toEqual([5]);
});

test("a selection made since is not shrunk into an old one", () => {
  const session = opened();
  const growth = new SelectionGrowth(session, () => row);
  choose(session, 5);
  growth.grow();
  choose(session, 20, 21);
  growth.shrink();
  expect(chosen(session)).toEqual([20, 21]);
});

test("without a selection it starts from the image under the focus, and without either does nothing", () => {
  const session = opened();
  const growth = new SelectionGrowth(session, () => row);
  growth.grow();
  expect(chosen(session)).toEqual([]);
  session.screen.setState({ hovered: 8 });
  growth.grow();
  expect(chosen(session)).toEqual([7, 8, 9]);
});
