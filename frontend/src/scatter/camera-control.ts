/** The camera, its limits, and the moves that take time. */
import { CAMERA_MS, FIT_PADDING_PX, MAX_ZOOM_IN, MAX_ZOOM_OUT } from "./defaults";
import type { Tweens } from "./tween";
import type { Camera } from "./types";
import {
  type Bounds,
  checkCamera,
  fitBounds,
  mixCameras,
  type Point,
  pan,
  pinch,
  type Size,
  zoomAbout,
} from "./viewport";

const TWEEN = "camera";

export class CameraControl {
  camera: Camera = { x: 0, y: 0, zoom: 1 };
  private goal: Camera = this.camera;
  private readonly tweens: Tweens;
  private readonly now: () => number;
  private readonly onChange: (camera: Camera) => void;
  /** Zoom at which everything fits; limits are relative to it. */
  private fitZoom = 1;

  constructor(tweens: Tweens, now: () => number, onChange: (camera: Camera) => void) {
    this.tweens = tweens;
    this.now = now;
    this.onChange = onChange;
  }

  setFitZoom(bounds: Bounds | null, size: Size): void {
    if (bounds) this.fitZoom = fitBounds(bounds, size, FIT_PADDING_PX, Infinity).zoom;
  }

  moveTo(camera: Camera, isAnimated: boolean): void {
    checkCamera(camera);
    const from = this.camera;
    this.goal = this.limited(camera);
    const { goal } = this;
    this.tweens.start(TWEEN, this.now(), isAnimated ? CAMERA_MS : 0, (amount) =>
      this.show(mixCameras(from, goal, amount)),
    );
  }

  panBy(dx: number, dy: number): void {
    this.jump(pan(this.camera, dx, dy));
  }

  pinch(from: readonly [Point, Point], to: readonly [Point, Point], size: Size): void {
    this.jump(this.limited(pinch(this.camera, size, from, to)));
  }

  /** Zooms about a screen point; steps that follow each other quickly add up. */
  zoomBy(point: Point, factor: number, size: Size, isAnimated: boolean): void {
    const start = this.tweens.isRunning(TWEEN) && isAnimated ? this.goal : this.camera;
    const zoom = this.limitedZoom(start.zoom * factor);
    this.moveTo(zoomAbout(start, size, point, zoom / start.zoom), isAnimated);
  }

  private jump(camera: Camera): void {
    this.tweens.stop(TWEEN);
    this.goal = camera;
    this.show(camera);
  }

  private show(camera: Camera): void {
    this.camera = camera;
    this.onChange(camera);
  }

  private limited(camera: Camera): Camera {
    return { ...camera, zoom: this.limitedZoom(camera.zoom) };
  }

  private limitedZoom(zoom: number): number {
    return Math.max(this.fitZoom / MAX_ZOOM_OUT, Math.min(this.fitZoom * MAX_ZOOM_IN, zoom));
  }
}
