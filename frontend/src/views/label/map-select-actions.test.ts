import { expect, test } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ProjectSession } from "../../state/project-session";
import { createScreenStore } from "../../state/screen";
import { createSelectionStore, setSelection } from "../../state/selection";
import {
  LEAST_ALIKE,
  SelectionGrowth,
  selectActions,
  selectLabelled,
  selectPredicted,
} from "./map-select-actions";

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

test("images that look alike come in by eight at least, then as many again, and go by the same steps", async () => {
  const session = opened();
  const asked: [number[], number][] = [];
  const growth = new SelectionGrowth(
    session,
    () => row,
    async (_, examples, num) => {
      asked.push([[...examples], num]);
      return Uint32Array.from({ length: num }, (_unused, at) => 100 * asked.length - at);
    },
  );
  choose(session, 150);
  await growth.growAlike();
  expect(chosen(session)).toEqual([93, 94, 95, 96, 97, 98, 99, 100, 150]);
  await growth.growAlike();
  expect(asked.map(([examples, num]) => [examples.length, num])).toEqual([
    [1, LEAST_ALIKE],
    [9, 9],
  ]);
  expect(chosen(session)).toHaveLength(18);
  growth.shrink();
  growth.shrink();
  expect(chosen(session)).toEqual([150]);
});

test("what was found for a selection that is no longer there is left", async () => {
  const session = opened();
  const growth = new SelectionGrowth(
    session,
    () => row,
    async () => {
      choose(session, 3);
      return Uint32Array.of(8);
    },
  );
  await growth.growAlike();
  expect(chosen(session)).toEqual([]);
  session.screen.setState({ hovered: 7 });
  await growth.growAlike();
  expect(chosen(session)).toEqual([3]);
});

/** Six images: labels 1 1 2 0 2 1, predictions 2 1 2 2 1 0, and the colours of their entries in a palette. */
function coloured() {
  const session = opened();
  const state = <T>(value: T) => ({ getState: () => value });
  Object.assign(session, {
    sync: { labels: state({ shown: Int32Array.of(1, 1, 2, 0, 2, 1) }) },
    map: state({ data: { predictedClass: Int32Array.of(2, 1, 2, 2, 1, 0) } }),
    colouring: state({ shown: { colours: Uint8Array.of(7, 9, 7, 7, 3, 9) } }),
  });
  return session;
}

test("images are selected by label, by prediction, and only those that pass the filter", () => {
  const session = coloured();
  selectLabelled(session, 1);
  expect(chosen(session)).toEqual([0, 1, 5]);
  selectPredicted(session, 2);
  expect(chosen(session)).toEqual([0, 2, 3]);
  session.filter.setState({ mask: Uint8Array.of(1, 0, 0, 0, 0, 0) });
  selectPredicted(session, 2);
  expect(chosen(session)).toEqual([2, 3]);
});

test("images of one colour are those like the one under the pointer, or like the only one selected", () => {
  const session = coloured();
  const growth = new SelectionGrowth(session, () => null);
  const run = () =>
    selectActions(session, [], growth)
      .find(({ id }) => id === "select.colour")
      ?.run();
  run();
  expect(chosen(session)).toEqual([]);
  choose(session, 5);
  run();
  expect(chosen(session)).toEqual([1, 5]);
  session.screen.setState({ hovered: 3 });
  run();
  expect(chosen(session)).toEqual([0, 2, 3]);
});
