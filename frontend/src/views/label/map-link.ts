/**
 * The cameras of two maps side by side. Linked, both show the same part of the world at the same scale: what lies in
 * the middle of the one's free ground lies in the middle of the other's.
 */
import type { Insets } from "../../lib/fit-camera";
import type { Camera } from "../../scatter";

/** A map as the link sees it. */
export interface LinkedMap {
  getCamera(): Camera;
  setCamera(camera: Camera): void;
  /** Its container, and how much of that the panels cover. */
  room(): { width: number; height: number; insets: Insets };
}

export class CameraLink {
  private readonly maps = new Set<LinkedMap>();
  private readonly isLinked: () => boolean;
  private isPassingOn = false;
  /** A person has moved, zoomed or selected: from now on new data never moves a camera. */
  isTouched = false;

  constructor(isLinked: () => boolean) {
    this.isLinked = isLinked;
  }

  /** True when a map that is linked has another one to go along with. */
  get hasOthers(): boolean {
    return this.isLinked() && this.maps.size > 0;
  }

  /** Takes a map in; one that joins others starts where they are. Returns how to leave. */
  join(map: LinkedMap): () => void {
    const [other] = this.maps;
    this.maps.add(map);
    if (other && (this.isLinked() || this.isTouched)) this.pass(other, [map]);
    return () => this.maps.delete(map);
  }

  /** A map's camera has moved: the others go along. */
  moved(map: LinkedMap): void {
    if (this.isPassingOn || !this.isLinked() || !this.maps.has(map)) return;
    this.pass(
      map,
      [...this.maps].filter((other) => other !== map),
    );
  }

  private pass(from: LinkedMap, others: readonly LinkedMap[]): void {
    this.isPassingOn = true;
    try {
      for (const other of others)
        other.setCamera(carried(from.getCamera(), from.room().insets, other.room().insets));
    } finally {
      this.isPassingOn = false;
    }
  }
}

/** The camera that shows in the free ground of `to` what `camera` shows in that of `from`. */
export function carried(camera: Camera, from: Insets, to: Insets): Camera {
  const shiftX = (from.left - from.right - to.left + to.right) / 2;
  const shiftY = (from.top - from.bottom - to.top + to.bottom) / 2;
  return { x: camera.x + shiftX / camera.zoom, y: camera.y - shiftY / camera.zoom, zoom: camera.zoom };
}

/** The camera that keeps in view, after a change of room, what was in view before. */
export function rescaled(
  camera: Camera,
  before: { width: number; insets: Insets },
  after: { width: number; insets: Insets },
): Camera {
  const free = ({ width, insets }: { width: number; insets: Insets }) =>
    Math.max(1, width - insets.left - insets.right);
  const factor = free(after) / free(before);
  const middle = carried(camera, before.insets, NO_INSETS);
  return carried({ ...middle, zoom: camera.zoom * factor }, NO_INSETS, after.insets);
}

const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
