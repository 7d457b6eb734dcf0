/** What gestures and keys do: hover, focus, outlines and selections. Reads the scene, calls the owner's callbacks. */
import type { CameraControl } from "./camera-control";
import { CLUSTER_REACH_PX, HOVER_MIN_PX, HOVER_SCALE, ZOOM_STEP } from "./defaults";
import { combineOf, type GestureAction } from "./gestures";
import { type Direction, itemsInside, nearestInDirection, pick } from "./hit-test";
import { binPolygon } from "./lasso";
import { clusterAround, nearestTo } from "./neighbourhood";
import type { OutlineOverlay } from "./outline-overlay";
import type { Mark } from "./renderer";
import { centreOf, growthOf, type Scene } from "./scene";
import type { ScatterCallbacks, SelectionCombine } from "./types";
import { type Point, screenToWorld } from "./viewport";

/** What the interaction needs of the map. */
export interface InteractionHost {
  readonly callbacks: ScatterCallbacks;
  readonly control: CameraControl;
  readonly overlay: OutlineOverlay;
  readonly scene: () => Scene;
  /** A picture drawn large changed: other cells are needed, and a frame. */
  readonly marksChanged: () => void;
  readonly requestFrame: () => void;
  /** True while an outline is drawn: the items are to stay where they are. */
  readonly holdLayout: (isHeld: boolean) => void;
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
}

const ARROWS: Readonly<Record<string, Direction | undefined>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const PAN_PX = 80;
const PAN_STEPS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [PAN_PX, 0],
  right: [-PAN_PX, 0],
  up: [0, PAN_PX],
  down: [0, -PAN_PX],
};
/** A focused item nearer to the edge than this brings the camera along. */
const FOCUS_MARGIN_PX = 60;

export class Interaction {
  private readonly host: InteractionHost;
  hovered: number | null = null;
  focused: number | null = null;
  private isHoverByPointer = false;
  private pointer: Point | null = null;
  private isPointerStale = false;
  private outline: readonly Point[] | null = null;
  private scratch = new Uint32Array(0);

  constructor(host: InteractionHost) {
    this.host = host;
  }

  /** Other items: nothing is hovered or focused. */
  reset(): void {
    this.hovered = null;
    this.focused = null;
  }

  setHover(index: number | null): void {
    if (index === this.hovered) return;
    this.isHoverByPointer = false;
    this.hovered = index;
    this.host.marksChanged();
  }

  setFocus(index: number | null): void {
    if (index === this.focused) return;
    this.focused = index;
    this.host.marksChanged();
  }

  /** Something moved under the pointer. */
  markStale(): void {
    this.isPointerStale = true;
  }

  /** The pictures to draw large, the hovered one last. */
  marks(thumbnailPx: number): Mark[] {
    const sidePx = Math.max(HOVER_MIN_PX, thumbnailPx * HOVER_SCALE);
    const items = this.focused === this.hovered ? [this.hovered] : [this.focused, this.hovered];
    return items.flatMap((item) => (item === null ? [] : [{ item, sidePx }]));
  }

  /** Once a frame: what is under the pointer, and how many are inside the outline. */
  update(scene: Scene, isMoving: boolean): void {
    if (this.isPointerStale && !isMoving) this.updateHover(scene);
    if (this.outline) {
      this.host.callbacks.onCount?.(this.countInside(scene, worldPolygon(scene, this.outline)));
    }
  }

  gesture(action: GestureAction): void {
    const { host } = this;
    switch (action.type) {
      case "hover":
        this.pointer = action.point;
        this.isPointerStale = true;
        host.requestFrame();
        break;
      case "pan":
        host.control.panBy(action.dx, action.dy);
        break;
      case "pinch":
        host.control.pinch(action.from, action.to, host.scene().size);
        break;
      case "click":
        this.click(action.point, action.combine);
        break;
      case "doubleClick":
        this.doubleClick(action.point, action.combine);
        break;
      case "outline":
        if (!this.outline) host.holdLayout(true);
        this.outline = action.polygon;
        host.overlay.draw(action.polygon, action.combine);
        host.requestFrame();
        break;
      case "outlineCancelled":
        this.clearOutline();
        break;
      case "select":
        this.select(action);
    }
  }

  /** True when the key means something to the map. */
  key(event: KeyboardEvent): boolean {
    const direction = ARROWS[event.key];
    if (event.key === "Enter") return this.selectFocused(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (direction && event.shiftKey) this.host.control.panBy(...PAN_STEPS[direction]);
    else if (direction) this.moveFocus(direction);
    else if (event.key === "+" || event.key === "=") this.host.zoomBy(ZOOM_STEP);
    else if (event.key === "-") this.host.zoomBy(1 / ZOOM_STEP);
    else if (event.key === "0") this.host.fit();
    else return false;
    return true;
  }

  private click(point: Point, combine: SelectionCombine): void {
    const index = pick(this.host.scene(), point);
    if (index === null && combine !== "replace") return;
    const indexes = new Uint32Array(index === null ? [] : [index]);
    this.host.callbacks.onSelect?.(indexes, combine, { kind: "click", polygon: null });
  }

  /** On a picture it opens it; on a dot, beside one, or with a key held, it takes the cloud around. */
  private doubleClick(point: Point, combine: SelectionCombine): void {
    const scene = this.host.scene();
    const index = pick(scene, point);
    if (index !== null && combine === "replace" && growthOf(scene, index) > 0) {
      this.host.callbacks.onDoubleClick?.(index);
      return;
    }
    const [x, y] = screenToWorld(scene.camera, scene.size, point);
    const seed = index ?? nearestTo(scene.items, x, y, CLUSTER_REACH_PX / scene.camera.zoom);
    if (seed === null) return;
    const gesture = { kind: "click", polygon: null } as const;
    this.host.callbacks.onSelect?.(clusterAround(scene.items, seed), combine, gesture);
  }

  private select(action: GestureAction & { readonly type: "select" }): void {
    const scene = this.host.scene();
    const polygon = worldPolygon(scene, action.polygon);
    const count = this.countInside(scene, polygon);
    const indexes = this.scratch.slice(0, count);
    this.clearOutline();
    this.host.callbacks.onSelect?.(indexes, action.combine, { kind: action.kind, polygon });
  }

  private selectFocused(event: KeyboardEvent): boolean {
    if (this.focused === null) return false;
    const { shiftKey: shift, altKey: alt } = event;
    const combine = combineOf({ shift, alt, ctrl: event.ctrlKey || event.metaKey });
    this.host.callbacks.onSelect?.(new Uint32Array([this.focused]), combine, {
      kind: "keyboard",
      polygon: null,
    });
    return true;
  }

  private moveFocus(direction: Direction): void {
    const { host } = this;
    const scene = host.scene();
    const next = nearestInDirection(scene, this.focused, direction);
    if (next === null) return;
    this.setFocus(next);
    const [x, y] = centreOf(scene, next);
    const { width, height } = scene.size;
    const dx = Math.max(0, FOCUS_MARGIN_PX - x) - Math.max(0, x - (width - FOCUS_MARGIN_PX));
    const dy = Math.max(0, FOCUS_MARGIN_PX - y) - Math.max(0, y - (height - FOCUS_MARGIN_PX));
    if (dx !== 0 || dy !== 0) host.control.panBy(dx, dy);
    host.callbacks.onFocus?.(next);
  }

  private updateHover(scene: Scene): void {
    this.isPointerStale = false;
    const index = this.pointer ? pick(scene, this.pointer) : null;
    if (index === this.hovered || (this.pointer === null && !this.isHoverByPointer)) return;
    this.hovered = index;
    this.isHoverByPointer = index !== null;
    this.host.marksChanged();
    this.host.callbacks.onHover?.(index);
  }

  private clearOutline(): void {
    this.outline = null;
    this.host.overlay.clear();
    this.host.holdLayout(false);
    this.host.callbacks.onCount?.(null);
  }

  /** Writes the items inside to the start of `scratch`; returns how many. */
  private countInside(scene: Scene, polygon: Float32Array): number {
    const { numItems } = scene.items;
    if (this.scratch.length < numItems) this.scratch = new Uint32Array(numItems);
    const binned = binPolygon(polygon);
    return binned ? itemsInside(scene, binned, this.scratch) : 0;
  }
}

/** To world coordinates, held inside the view: what is not on the screen is not selected. */
function worldPolygon({ camera, size }: Scene, polygon: readonly Point[]): Float32Array {
  const world = polygon.flatMap(([x, y]) => {
    const inView: Point = [Math.max(0, Math.min(size.width, x)), Math.max(0, Math.min(size.height, y))];
    return [...screenToWorld(camera, size, inView)];
  });
  return new Float32Array(world);
}
