/**
 * Where the items are: two layouts A and B with the share `mix` between them, and a morph that eases from the places on
 * the screen to new layouts. Places are (2N) x, y; NaN means "no place yet".
 */
import { checkLength, InvalidScatterData } from "./errors";
import { ItemGrid } from "./item-grid";

interface Morph {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

export class Layout {
  private a: Float32Array = new Float32Array(0);
  private b: Float32Array = new Float32Array(0);
  private shownMix = 0;
  private morph: Morph | null = null;
  private morphAmount = 0;
  private cached: Float32Array | null = null;
  private readonly grids = new WeakMap<Float32Array, ItemGrid>();

  get numItems(): number {
    return this.a.length / 2;
  }

  get mix(): number {
    return this.shownMix;
  }

  get isMorphing(): boolean {
    return this.morph !== null;
  }

  /** The two position sets that the GPU holds, and the share between them. */
  get ends(): { readonly a: Float32Array; readonly b: Float32Array; readonly mix: number } {
    if (this.morph) return { a: this.morph.from, b: this.morph.to, mix: this.morphAmount };
    return { a: this.a, b: this.b, mix: this.shownMix };
  }

  /** Layouts A and B as given, without a morph. */
  get layouts(): { readonly a: Float32Array; readonly b: Float32Array } {
    return { a: this.a, b: this.b };
  }

  replace(numItems: number, a: Float32Array, b: Float32Array | null): void {
    [this.a, this.b] = placed(numItems, a, b);
    this.morph = null;
    this.cached = null;
  }

  append(numItems: number, a: Float32Array, b: Float32Array | null): void {
    const [moreA, moreB] = placed(numItems, a, b);
    this.finishMorph();
    this.a = concatenate(this.a, moreA);
    this.b = concatenate(this.b, moreB);
    this.cached = null;
  }

  /** New layouts of the same items, with the items still where they are now; move them with `setMorphAmount`. */
  startMorph(a: Float32Array, b: Float32Array | null): void {
    const from = this.places().slice();
    [this.a, this.b] = placed(this.numItems, a, b);
    this.morph = null;
    this.cached = null;
    const to = this.places().slice();
    for (let k = 0; k < from.length; k++) {
      if (Number.isNaN(from[k] as number)) from[k] = to[k] as number;
      else if (Number.isNaN(to[k] as number)) to[k] = from[k] as number;
    }
    this.morph = { from, to };
    this.morphAmount = 0;
    this.cached = null;
  }

  setMorphAmount(amount: number): void {
    this.morphAmount = amount;
    this.cached = null;
  }

  /** True when there was a morph to end. */
  finishMorph(): boolean {
    const wasMorphing = this.morph !== null;
    this.morph = null;
    if (wasMorphing) this.cached = null;
    return wasMorphing;
  }

  setMix(mix: number): void {
    this.shownMix = mix;
    this.cached = null;
  }

  /** Places on the screen now, in world coordinates. Computed once a change; do not write into it. */
  places(): Float32Array {
    if (this.cached) return this.cached;
    const { a, b, mix } = this.ends;
    if (mix === 0) this.cached = a;
    else if (mix === 1) this.cached = b;
    else this.cached = mixed(a, b, mix);
    return this.cached;
  }

  /** The same places by the cells of a grid. Made when first asked for after a change. */
  grid(): ItemGrid {
    const places = this.places();
    let grid = this.grids.get(places);
    if (!grid) {
      grid = new ItemGrid(places);
      this.grids.set(places, grid);
    }
    return grid;
  }
}

function mixed(a: Float32Array, b: Float32Array, mix: number): Float32Array {
  const result = new Float32Array(a.length);
  for (let k = 0; k < a.length; k++) {
    const from = a[k] as number;
    result[k] = from + ((b[k] as number) - from) * mix;
  }
  return result;
}

/** Copies of both layouts, checked; an item without a place in one takes its place in the other. */
function placed(numItems: number, a: Float32Array, b: Float32Array | null): [Float32Array, Float32Array] {
  checkLength("positionsA", a, 2 * numItems);
  if (b) checkLength("positionsB", b, 2 * numItems);
  const first = a.slice();
  const second = (b ?? a).slice();
  for (let item = 0; item < numItems; item++) {
    const isMissingA = isMissing(first, item, "positionsA");
    const isMissingB = isMissing(second, item, "positionsB");
    if (isMissingA === isMissingB) continue;
    const [from, to] = isMissingA ? [second, first] : [first, second];
    to[2 * item] = from[2 * item] as number;
    to[2 * item + 1] = from[2 * item + 1] as number;
  }
  return [first, second];
}

function isMissing(positions: Float32Array, item: number, name: string): boolean {
  const sum = (positions[2 * item] as number) + (positions[2 * item + 1] as number);
  if (Math.abs(sum) === Infinity) {
    throw new InvalidScatterData(`${name} of item ${item} is not finite (NaN stands for "no place yet")`);
  }
  return Number.isNaN(sum);
}

function concatenate(first: Float32Array, second: Float32Array): Float32Array {
  const result = new Float32Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}
