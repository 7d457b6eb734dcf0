/** Timed animations: a number from 0 to 1 over a duration, eased in and out. */

export class Tween {
  private readonly startMs: number;
  private readonly durationMs: number;
  private readonly onStep: (amount: number) => void;
  isDone = false;

  constructor(startMs: number, durationMs: number, onStep: (amount: number) => void) {
    this.startMs = startMs;
    this.durationMs = durationMs;
    this.onStep = onStep;
  }

  /** Moves to the time of a frame; the last step is exactly 1. */
  step(nowMs: number): void {
    if (this.isDone) return;
    const share = Math.max(0, Math.min(1, (nowMs - this.startMs) / this.durationMs));
    this.isDone = share >= 1;
    this.onStep(easeInOut(share));
  }
}

/** Cubic, slow at both ends; 0 -> 0, 1 -> 1. */
export function easeInOut(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** Running animations by name; a new one of the same name replaces the old one. Without motion each ends at once. */
export class Tweens {
  private readonly running = new Map<string, Tween>();
  private readonly isStill: () => boolean;

  constructor(isStill: () => boolean = () => false) {
    this.isStill = isStill;
  }

  get isBusy(): boolean {
    return this.running.size > 0;
  }

  start(name: string, nowMs: number, durationMs: number, onStep: (amount: number) => void): void {
    if (durationMs <= 0 || this.isStill()) {
      this.running.delete(name);
      onStep(1);
      return;
    }
    this.running.set(name, new Tween(nowMs, durationMs, onStep));
  }

  stop(name: string): void {
    this.running.delete(name);
  }

  isRunning(name: string): boolean {
    return this.running.has(name);
  }

  step(nowMs: number): void {
    for (const [name, tween] of [...this.running]) {
      tween.step(nowMs);
      if (tween.isDone && this.running.get(name) === tween) this.running.delete(name);
    }
  }
}
