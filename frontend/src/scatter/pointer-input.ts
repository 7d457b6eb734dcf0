/** Listens to pointer, wheel and keys on the map's element and hands over gestures in its own coordinates. */
import { type GestureAction, GestureMachine, type PointerInput, wheelFactor } from "./gestures";
import type { DragMode } from "./types";
import type { Point } from "./viewport";

export interface InputHandlers {
  readonly onGesture: (action: GestureAction) => void;
  readonly onWheel: (point: Point, factor: number) => void;
  /** True when the key was used. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

export class PointerInputs {
  private readonly element: HTMLElement;
  private readonly machine = new GestureMachine();
  private readonly handlers: InputHandlers;
  private readonly abort = new AbortController();

  constructor(element: HTMLElement, handlers: InputHandlers) {
    this.element = element;
    this.handlers = handlers;
    const { signal } = this.abort;
    element.addEventListener("pointerdown", (event) => this.down(event), { signal });
    element.addEventListener("pointermove", (event) => this.move(event), { signal });
    element.addEventListener("pointerup", (event) => this.emit(this.machine.up(this.inputOf(event))), {
      signal,
    });
    element.addEventListener("pointercancel", () => this.cancel(), { signal });
    element.addEventListener("pointerleave", () => this.emit(this.machine.leave()), { signal });
    element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    element.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    element.addEventListener("keydown", (event) => this.keyDown(event), { signal });
    element.addEventListener("keyup", (event) => this.keyUp(event), { signal });
    element.addEventListener("blur", () => this.holdSpace(false), { signal });
    this.showCursor();
  }

  setMode(mode: DragMode): void {
    this.machine.mode = mode;
    this.showCursor();
  }

  /** Ends a gesture under way without selecting. */
  cancel(): void {
    this.emit(this.machine.cancel());
    this.showCursor();
  }

  dispose(): void {
    this.abort.abort();
  }

  private down(event: PointerEvent): void {
    if (event.button === 1) event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.emit(this.machine.down(this.inputOf(event)));
  }

  /**
   * A browser joins the moves of one frame into one event. While a button is down each of them counts, the first ones
   * after the press too: else the corners of a quick lasso are cut, and of a very quick one nothing is left.
   */
  private move(event: PointerEvent): void {
    const events = this.machine.stateName === "idle" ? [] : event.getCoalescedEvents();
    for (const each of events.length > 0 ? events : [event]) this.emit(this.machine.move(this.inputOf(each)));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey);
    if (factor !== 1) this.handlers.onWheel(this.pointOf(event), factor);
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.key === " ") {
      this.holdSpace(true);
      event.preventDefault();
    } else if (event.key === "Escape" && this.machine.stateName !== "idle") {
      this.cancel();
      event.stopPropagation();
    } else if (this.handlers.onKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private keyUp(event: KeyboardEvent): void {
    if (event.key === " ") this.holdSpace(false);
  }

  private holdSpace(isHeld: boolean): void {
    this.machine.isSpaceHeld = isHeld;
    this.showCursor();
  }

  private emit(actions: readonly GestureAction[]): void {
    for (const action of actions) this.handlers.onGesture(action);
    if (actions.length > 0) this.showCursor();
  }

  private showCursor(): void {
    const isPanning = this.machine.stateName === "panning";
    const canPan = this.machine.mode === "pan" || this.machine.isSpaceHeld;
    this.element.style.cursor = isPanning ? "grabbing" : canPan ? "grab" : "crosshair";
  }

  private inputOf(event: PointerEvent): PointerInput {
    return {
      pointerId: event.pointerId,
      point: this.pointOf(event),
      button: event.button,
      isTouch: event.pointerType === "touch",
      modifiers: { shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey },
      timeMs: event.timeStamp,
    };
  }

  private pointOf(event: MouseEvent): Point {
    const bounds = this.element.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  }
}
