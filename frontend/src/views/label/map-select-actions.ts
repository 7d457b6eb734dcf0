/** Actions that select by what lies near on the map, by class, and by colour; for keys, palette and menu. */
import type { LabelClass } from "../../api/types";
import type { AppAction } from "../../lib/actions";
import { indexesOfClass } from "../../lib/selections";
import { onlyPassing, showAlone } from "../../state/filter";
import type { ProjectSession } from "../../state/project-session";
import { setSelection } from "../../state/selection";

export interface NeighbourMap {
  /** The given images and those about one thumbnail away from one of them. */
  grown: (indexes: Uint32Array) => Uint32Array;
}

export type FindAlike = (session: ProjectSession, examples: Uint32Array, num: number) => Promise<Uint32Array>;

const findAlikeLater: FindAlike = async (...request) => (await import("./find-alike")).findAlike(...request);

/** The fewest images that "more like these" adds; a larger selection is doubled. */
export const LEAST_ALIKE = 8;

/** Growing step by step, and back again by the same steps. */
export class SelectionGrowth {
  private readonly session: ProjectSession;
  private readonly mapOf: () => NeighbourMap | null;
  private readonly findAlike: FindAlike;
  private steps: { readonly before: Uint32Array; readonly after: Uint32Array }[] = [];

  constructor(
    session: ProjectSession,
    mapOf: () => NeighbourMap | null,
    findAlike: FindAlike = findAlikeLater,
  ) {
    this.session = session;
    this.mapOf = mapOf;
    this.findAlike = findAlike;
  }

  /** By one step on the map; without a selection it starts from the image under the focus or the pointer. */
  grow(): void {
    const map = this.mapOf();
    const before = this.start();
    if (map && before.length > 0) this.step(before, map.grown(before));
  }

  /** By the images that look most like the selected ones, wherever they lie; starts as `grow`. */
  async growAlike(): Promise<void> {
    const { indexes } = this.session.selection.getState();
    const before = this.start();
    if (before.length === 0) return;
    const found = await this.findAlike(this.session, before, Math.max(LEAST_ALIKE, before.length));
    const isStillSelected = this.session.selection.getState().indexes === indexes;
    if (found.length > 0 && isStillSelected)
      this.step(before, Uint32Array.from([...before, ...found]).sort());
  }

  private start(): Uint32Array {
    const { indexes } = this.session.selection.getState();
    const { hovered } = this.session.screen.getState();
    return indexes.length > 0 ? indexes : Uint32Array.from(hovered === null ? [] : [hovered]);
  }

  private step(before: Uint32Array, after: Uint32Array): void {
    if (this.steps.at(-1)?.after !== this.session.selection.getState().indexes) this.steps = [];
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
    {
      ...action(`select.taken.${id}`, `Show only what the model takes for ${name}`, [], () =>
        showAlone(session.filter, { classId: id }),
      ),
      isPerClass: true,
      isEnabled: hasModel,
    },
  ]);
  return [
    action("select.grow", "Grow the selection to its neighbours", ["mod+g"], () => growth.grow()),
    action("select.alike", "Add the images that look most alike", ["shift+m"], () => void growth.growAlike()),
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
