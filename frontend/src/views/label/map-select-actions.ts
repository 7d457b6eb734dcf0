/** Actions that select by what lies near on the map, by class, and by colour; for keys, palette and menu. */
import type { LabelClass } from "../../api/types";
import type { AppAction } from "../../lib/actions";
import { indexesOfClass } from "../../lib/selections";
import { onlyPassing } from "../../state/filter";
import type { ProjectSession } from "../../state/project-session";
import { setSelection } from "../../state/selection";

export interface NeighbourMap {
  /** The given images and those about one thumbnail away from one of them. */
  grown: (indexes: Uint32Array) => Uint32Array;
}

/** Growing step by step, and back again by the same steps. */
export class SelectionGrowth {
  private readonly session: ProjectSession;
  private readonly mapOf: () => NeighbourMap | null;
  private steps: { readonly before: Uint32Array; readonly after: Uint32Array }[] = [];

  constructor(session: ProjectSession, mapOf: () => NeighbourMap | null) {
    this.session = session;
    this.mapOf = mapOf;
  }

  /** By one step; without a selection it starts from the image under the focus or the pointer. */
  grow(): void {
    const map = this.mapOf();
    const { indexes } = this.session.selection.getState();
    const { hovered } = this.session.screen.getState();
    const before = indexes.length > 0 ? indexes : Uint32Array.from(hovered === null ? [] : [hovered]);
    if (!map || before.length === 0) return;
    if (this.steps.at(-1)?.after !== indexes) this.steps = [];
    const after = map.grown(before);
    this.steps.push({ before, after });
    select(this.session, after);
  }

  /** Back by one step; nothing when the selection was not grown, or changed since. */
  shrink(): void {
    const last = this.steps.pop();
    if (!last || last.after !== this.session.selection.getState().indexes) {
      this.steps = [];
      return;
    }
    select(this.session, last.before);
  }
}

export function selectActions(
  session: ProjectSession,
  classes: readonly LabelClass[],
  growth: SelectionGrowth,
): AppAction[] {
  const hasModel = session.map.getState().data?.predictedClass != null;
  const action = (id: string, title: string, hotkeys: readonly string[], run: () => void): AppAction => ({
    id,
    title,
    group: "Select",
    hotkeys,
    isEnabled: true,
    run,
  });
  const ofClass = classes.flatMap(({ id, name }) => [
    {
      ...action(`select.labelled.${id}`, `Select images labelled ${name}`, [], () =>
        selectLabelled(session, id),
      ),
      isPerClass: true,
    },
    {
      ...action(`select.predicted.${id}`, `Select images predicted ${name}`, [], () =>
        selectPredicted(session, id),
      ),
      isPerClass: true,
      isEnabled: hasModel,
    },
  ]);
  return [
    action("select.grow", "Grow the selection to its neighbours", ["mod+g"], () => growth.grow()),
    action("select.shrink", "Shrink the selection again", ["mod+shift+g"], () => growth.shrink()),
    action("select.colour", "Select images of the same colour", [], () => selectColour(session)),
    ...ofClass,
  ];
}

export function selectLabelled(session: ProjectSession, classId: number): void {
  filtered(session, indexesOfClass(session.sync.labels.getState().shown, classId));
}

export function selectPredicted(session: ProjectSession, classId: number): void {
  const predictions = session.map.getState().data?.predictedClass;
  if (predictions) filtered(session, indexesOfClass(predictions, classId));
}

/** All images of the colour of the one under the focus or pointer, or of the only selected one. */
function selectColour(session: ProjectSession): void {
  const { indexes } = session.selection.getState();
  const like = session.screen.getState().hovered ?? (indexes.length === 1 ? indexes[0] : null);
  const colours = session.colouring.getState().shown?.colours;
  if (like == null || !colours || like >= colours.length) return;
  const found: number[] = [];
  for (let index = 0; index < colours.length; index += 1)
    if (colours[index] === colours[like]) found.push(index);
  filtered(session, Uint32Array.from(found));
}

function filtered(session: ProjectSession, indexes: Uint32Array): void {
  select(session, onlyPassing(session.filter, indexes));
}

function select({ selection, screen }: ProjectSession, indexes: Uint32Array): void {
  setSelection(selection, indexes, { gesture: "keyboard", now_ms: performance.now() });
  screen.setState({ lastLabel: null });
}
