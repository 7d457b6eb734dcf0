/**
 * Movements of the items: from one layout to the other, and to new layouts. New layouts that come while an outline is
 * drawn wait for its end, so that nothing slips out of a lasso that is half drawn.
 */
import { LAYOUT_MS } from "./defaults";
import { checkRange } from "./errors";
import type { Items } from "./items";
import type { Tweens } from "./tween";
import type { ScatterData } from "./types";

const MORPH = "morph";
const MIX = "mix";

interface Layouts {
  readonly a: Float32Array;
  readonly b: Float32Array | null;
  readonly isAnimated: boolean;
}

export interface LayoutHost {
  readonly items: Items;
  readonly tweens: Tweens;
  readonly now: () => number;
  /** The ends of the movement changed: they must be sent to the GPU. */
  readonly onEnds: () => void;
  /** Other places than before: limits of the camera and declutter codes follow. */
  readonly onPlaces: () => void;
}

export class LayoutControl {
  private readonly host: LayoutHost;
  private isHeld = false;
  private waiting: Layouts | null = null;

  constructor(host: LayoutHost) {
    this.host = host;
  }

  /** Other items: what was under way or waiting is of the old ones. */
  reset(): void {
    this.waiting = null;
    this.host.tweens.stop(MORPH);
  }

  /** Items came in at the end; they join the layouts that wait. */
  append({ positionsA, positionsB }: ScatterData): void {
    this.host.tweens.stop(MORPH);
    if (!this.waiting) return;
    const { a, b, isAnimated } = this.waiting;
    const second = b || positionsB ? joined(b ?? a, positionsB ?? positionsA) : null;
    this.waiting = { a: joined(a, positionsA), b: second, isAnimated };
  }

  /** While held, new layouts wait. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    const { waiting } = this;
    if (isHeld || !waiting) return;
    this.waiting = null;
    this.morphTo(waiting);
  }

  setPositions(a: Float32Array, b: Float32Array | null, isAnimated: boolean): void {
    if (this.isHeld) this.waiting = { a, b, isAnimated };
    else this.morphTo({ a, b, isAnimated });
  }

  setMix(target: number, isAnimated: boolean): void {
    checkRange("layout mix", target, 0, 1);
    const { items, tweens, now } = this.host;
    tweens.stop(MORPH);
    this.endMorph();
    const { layout } = items;
    const from = layout.mix;
    tweens.start(MIX, now(), isAnimated && from !== target ? LAYOUT_MS : 0, (amount) =>
      layout.setMix(from + (target - from) * amount),
    );
  }

  private morphTo({ a, b, isAnimated }: Layouts): void {
    const { items, tweens, now, onEnds, onPlaces } = this.host;
    items.layout.startMorph(a, b);
    items.markUnplaced();
    onEnds();
    tweens.start(MORPH, now(), isAnimated ? LAYOUT_MS : 0, (amount) => {
      items.layout.setMorphAmount(amount);
      if (amount === 1) this.endMorph();
    });
    onPlaces();
  }

  private endMorph(): void {
    if (this.host.items.layout.finishMorph()) this.host.onEnds();
  }
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
