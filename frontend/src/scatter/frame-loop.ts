/** Frames on demand: one for any number of requests, and none when nothing asks. */

const FIRST_FRAME_MS = 16;
/** Slow frames take whole steps, so that a movement takes its time and not its number of frames. */
const LONGEST_STEP_MS = 1000;

export class FrameLoop {
  numFrames = 0;
  /** JavaScript time of the last frame. */
  frameMs = 0;
  private readonly draw: (nowMs: number, elapsedMs: number) => void;
  private handle: number | null = null;
  private lastMs: number | null = null;
  private isDisposed = false;

  constructor(draw: (nowMs: number, elapsedMs: number) => void) {
    this.draw = draw;
  }

  get isWaiting(): boolean {
    return this.handle !== null;
  }

  nowMs(): number {
    return performance.now();
  }

  request(): void {
    if (this.handle !== null || this.isDisposed) return;
    this.handle = requestAnimationFrame(() => this.run());
  }

  /** Draws at once (after a resize, so that no empty canvas is seen). */
  runNow(): void {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.run();
  }

  dispose(): void {
    this.isDisposed = true;
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
  }

  private run(): void {
    this.handle = null;
    const startMs = this.nowMs();
    const elapsedMs =
      this.lastMs === null ? FIRST_FRAME_MS : Math.min(LONGEST_STEP_MS, startMs - this.lastMs);
    this.draw(startMs, elapsedMs);
    this.numFrames++;
    this.frameMs = this.nowMs() - startMs;
    this.lastMs = this.isWaiting ? startMs : null;
  }
}
