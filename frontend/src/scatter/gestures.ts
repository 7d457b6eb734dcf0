/**
 * Pointer gestures as a state machine without a DOM: pointer events in, actions out.
 *
 * idle -> pressed (button down) -> drawing (lasso or box) or panning, once the pointer moved; a second finger makes
 * it pinching. Releasing before it moved is a click; a second click soon after at the same place, a double click.
 */
import type { DragMode, SelectionCombine } from "./types";
import type { Point } from "./viewport";

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

export interface PointerInput {
  readonly pointerId: number;
  readonly point: Point;
  /** 0 main, 1 middle, 2 right. Only read on `down`. */
  readonly button: number;
  readonly isTouch: boolean;
  readonly modifiers: Modifiers;
  readonly timeMs: number;
}

export type GestureAction =
  | { readonly type: "hover"; readonly point: Point | null }
  | { readonly type: "pan"; readonly dx: number; readonly dy: number }
  | {
      readonly type: "pinch";
      readonly from: readonly [Point, Point];
      readonly to: readonly [Point, Point];
    }
  | {
      readonly type: "outline";
      readonly kind: "lasso" | "box";
      readonly polygon: readonly Point[];
      readonly combine: SelectionCombine;
    }
  | {
      readonly type: "select";
      readonly kind: "lasso" | "box";
      readonly polygon: readonly Point[];
      readonly combine: SelectionCombine;
    }
  | { readonly type: "outlineCancelled" }
  | { readonly type: "click"; readonly point: Point; readonly combine: SelectionCombine }
  | { readonly type: "doubleClick"; readonly point: Point; readonly combine: SelectionCombine };

/** A pointer that moved less than this did not drag. */
const DRAG_PX = 4;
const TOUCH_DRAG_PX = 8;
const LASSO_STEP_PX = 2;
const DOUBLE_CLICK_MS = 350;
const DOUBLE_CLICK_PX = 6;

type State =
  | { readonly name: "idle" }
  | {
      readonly name: "pressed";
      readonly start: PointerInput;
      readonly drag: DragMode;
      readonly combine: SelectionCombine;
    }
  | { readonly name: "panning"; readonly pointerId: number; readonly last: Point }
  | {
      readonly name: "drawing";
      readonly pointerId: number;
      readonly kind: "lasso" | "box";
      readonly points: Point[];
      readonly combine: SelectionCombine;
    }
  | { readonly name: "pinching"; readonly ids: readonly [number, number] };

export class GestureMachine {
  mode: DragMode = "lasso";
  /** True while the space bar is held: the main button pans. */
  isSpaceHeld = false;
  private state: State = { name: "idle" };
  private readonly touches = new Map<number, Point>();
  private lastClick: { readonly point: Point; readonly timeMs: number } | null = null;

  get stateName(): State["name"] {
    return this.state.name;
  }

  down(input: PointerInput): GestureAction[] {
    if (input.isTouch) {
      this.touches.set(input.pointerId, input.point);
      if (this.touches.size === 2) return this.startPinch();
    }
    if (this.state.name !== "idle") return [];
    const isPan = input.button !== 0 || this.isSpaceHeld;
    const drag = isPan ? "pan" : this.mode;
    this.state = { name: "pressed", start: input, drag, combine: combineOf(input.modifiers) };
    return [];
  }

  move(input: PointerInput): GestureAction[] {
    const state = this.state;
    if (state.name === "pinching") return this.movePinch(state.ids, input);
    if (input.isTouch && this.touches.has(input.pointerId)) this.touches.set(input.pointerId, input.point);
    if (state.name === "idle") return input.isTouch ? [] : [{ type: "hover", point: input.point }];
    if (state.name === "pressed") return this.startDrag(state, input);
    if (state.pointerId !== input.pointerId) return [];
    if (state.name === "panning") {
      const [dx, dy] = minus(input.point, state.last);
      this.state = { ...state, last: input.point };
      return [{ type: "pan", dx, dy }];
    }
    return this.draw(state, input.point);
  }

  up(input: PointerInput): GestureAction[] {
    this.touches.delete(input.pointerId);
    const state = this.state;
    if (state.name === "pinching") {
      if (state.ids.includes(input.pointerId)) this.state = { name: "idle" };
      return [];
    }
    if (state.name === "idle" || pointerOf(state) !== input.pointerId) return [];
    this.state = { name: "idle" };
    if (state.name === "pressed") return this.click(state.start, state.combine);
    if (state.name === "panning") return [];
    return [
      {
        type: "select",
        kind: state.kind,
        polygon: outlineOf(state.kind, state.points),
        combine: state.combine,
      },
    ];
  }

  /** The pointer was lost or Escape was pressed: nothing is selected. */
  cancel(): GestureAction[] {
    const wasDrawing = this.state.name === "drawing";
    this.state = { name: "idle" };
    this.touches.clear();
    return wasDrawing ? [{ type: "outlineCancelled" }] : [];
  }

  leave(): GestureAction[] {
    return this.state.name === "idle" ? [{ type: "hover", point: null }] : [];
  }

  private startDrag(state: State & { name: "pressed" }, input: PointerInput): GestureAction[] {
    const { start, drag, combine } = state;
    if (start.pointerId !== input.pointerId) return [];
    const [dx, dy] = minus(input.point, start.point);
    if (Math.hypot(dx, dy) < (input.isTouch ? TOUCH_DRAG_PX : DRAG_PX)) return [];
    if (drag === "pan") {
      this.state = { name: "panning", pointerId: input.pointerId, last: input.point };
      return [
        { type: "hover", point: null },
        { type: "pan", dx, dy },
      ];
    }
    const drawing: State = {
      name: "drawing",
      pointerId: input.pointerId,
      kind: drag,
      points: [start.point],
      combine,
    };
    this.state = drawing;
    return [{ type: "hover", point: null }, ...this.draw(drawing, input.point)];
  }

  private draw(state: State & { name: "drawing" }, point: Point): GestureAction[] {
    const { kind, points, combine } = state;
    if (kind === "box") {
      points[1] = point;
    } else {
      const [dx, dy] = minus(point, points[points.length - 1] as Point);
      if (Math.hypot(dx, dy) < LASSO_STEP_PX) return [];
      points.push(point);
    }
    return [{ type: "outline", kind, polygon: outlineOf(kind, points), combine }];
  }

  private click(start: PointerInput, combine: SelectionCombine): GestureAction[] {
    if (start.button !== 0) return [];
    const before = this.lastClick;
    const isDouble =
      before !== null &&
      start.timeMs - before.timeMs <= DOUBLE_CLICK_MS &&
      Math.hypot(...minus(start.point, before.point)) <= DOUBLE_CLICK_PX;
    this.lastClick = isDouble ? null : { point: start.point, timeMs: start.timeMs };
    if (isDouble) return [{ type: "doubleClick", point: start.point, combine }];
    return [{ type: "click", point: start.point, combine }];
  }

  private startPinch(): GestureAction[] {
    const wasDrawing = this.state.name === "drawing";
    const [first, second] = [...this.touches.keys()] as [number, number];
    this.state = { name: "pinching", ids: [first, second] };
    return wasDrawing ? [{ type: "outlineCancelled" }] : [];
  }

  private movePinch(ids: readonly [number, number], input: PointerInput): GestureAction[] {
    if (!ids.includes(input.pointerId)) return [];
    const from = ids.map((id) => this.touches.get(id)) as [Point, Point];
    this.touches.set(input.pointerId, input.point);
    const to = ids.map((id) => this.touches.get(id)) as [Point, Point];
    return [{ type: "pinch", from, to }];
  }
}

/** How a gesture combines with the selection, by the keys held when it started. */
export function combineOf(modifiers: Modifiers): SelectionCombine {
  if (modifiers.alt) return "subtract";
  if (modifiers.ctrl) return "intersect";
  return modifiers.shift ? "add" : "replace";
}

const WHEEL_LINE_PX = 16;
const WHEEL_PAGE_PX = 400;
const WHEEL_PX_PER_DOUBLING = 240;
const PINCH_GAIN = 4;
const MAX_WHEEL_FACTOR = 4;

/** Zoom factor of one wheel event; a pinch on a trackpad comes as a wheel with the ctrl key. */
export function wheelFactor(deltaY: number, deltaMode: number, isPinch: boolean): number {
  const pixels = deltaY * (deltaMode === 1 ? WHEEL_LINE_PX : deltaMode === 2 ? WHEEL_PAGE_PX : 1);
  const factor = 2 ** ((-pixels * (isPinch ? PINCH_GAIN : 1)) / WHEEL_PX_PER_DOUBLING);
  return Math.max(1 / MAX_WHEEL_FACTOR, Math.min(MAX_WHEEL_FACTOR, factor));
}

function outlineOf(kind: "lasso" | "box", points: readonly Point[]): Point[] {
  if (kind === "lasso") return [...points];
  const [x1, y1] = points[0] as Point;
  const [x2, y2] = (points[1] ?? points[0]) as Point;
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

function pointerOf(state: State & { name: "pressed" | "panning" | "drawing" }): number {
  return state.name === "pressed" ? state.start.pointerId : state.pointerId;
}

function minus(a: Point, b: Point): [number, number] {
  return [a[0] - b[0], a[1] - b[1]];
}
