/** What is known of each item besides its place: one byte a column, kept on the CPU for picking and lost contexts. */
import { packProfiles, texelsPerProfile } from "../lib/profile-boxes";
import { cellBytes } from "./bc1";
import { NEVER } from "./declutter";
import { drawOrder } from "./draw-order";
import { checkLength, checkRange, InvalidScatterData } from "./errors";
import { Layout } from "./layout";
import type { ScatterData } from "./types";

export const SELECTED = 1;
export const DIMMED = 2;
export const HIDDEN = 4;
export const UNPLACED = 8;
export const HAS_CELL = 16;
/** Items with one of these are not drawn. */
export const NOT_DRAWN = HIDDEN | UNPLACED;
/** Items with one of these cannot be picked or selected. */
export const NOT_SELECTABLE = NOT_DRAWN | DIMMED;

const CELL16_BYTES = cellBytes(16);
const SQUARE_ASPECT = 128;

export interface Profiles {
  readonly height: number;
  readonly width: number;
  readonly codes: Uint8Array;
  /** Items that have a profile: the first ones. */
  readonly numItems: number;
}

export class Items {
  readonly layout = new Layout();
  numItems = 0;
  aspect = new Uint8Array(0);
  rates = new Uint8Array(0);
  colours = new Uint8Array(0);
  flags = new Uint8Array(0);
  codesA = new Uint8Array(0);
  codesB = new Uint8Array(0);
  /** Of the items that have codes; later ones follow with the next codes. */
  order = drawOrder(this.codesA, this.codesB);
  priorities: Uint8Array | null = null;
  cells16 = new Uint8Array(0);
  profiles: Profiles | null = null;

  replace(data: ScatterData): void {
    checkRange("numItems", data.numItems, 0, 2 ** 24 - 1);
    this.checkColumns(data);
    this.layout.replace(data.numItems, data.positionsA, data.positionsB ?? null);
    this.numItems = 0;
    this.profiles = null;
    this.priorities = null;
    for (const name of COLUMNS) this[name] = new Uint8Array(0);
    this.cells16 = new Uint8Array(0);
    this.extend(data);
    this.order = drawOrder(this.codesA, this.codesB);
  }

  append(data: ScatterData): void {
    checkRange("numItems", this.numItems + data.numItems, 0, 2 ** 24 - 1);
    this.checkColumns(data);
    this.layout.append(data.numItems, data.positionsA, data.positionsB ?? null);
    this.extend(data);
  }

  setCells16(start: number, cells: Uint8Array): void {
    const count = cells.length / CELL16_BYTES;
    if (!Number.isInteger(count) || start < 0 || start + count > this.numItems) {
      throw new InvalidScatterData(
        `cells16 from ${start} hold ${cells.length} bytes, expected whole cells of ${CELL16_BYTES} for at most ${this.numItems} items`,
      );
    }
    this.cells16.set(cells, start * CELL16_BYTES);
    for (let item = start; item < start + count; item++) {
      this.flags[item] = (this.flags[item] as number) | HAS_CELL;
    }
  }

  setProfiles(codes: Uint8Array | null, height: number, width: number): void {
    if (codes === null) {
      this.profiles = null;
      return;
    }
    checkRange("profile height", height, 1, 64);
    checkRange("profile width", width, 1, 64);
    checkLength("profiles", codes, this.numItems * (height + width));
    this.profiles = { height, width, codes: codes.slice(), numItems: this.numItems };
  }

  /** The profiles as the texture wants them; null without profiles. */
  packedProfiles(): Uint8Array | null {
    if (!this.profiles) return null;
    const { codes, height, width } = this.profiles;
    const packed = new Uint8Array(this.profiles.numItems * 4 * texelsPerProfile(height, width));
    packProfiles(codes, height, width, packed);
    return packed;
  }

  /** Declutter codes of the first items, as many as there are codes. */
  setCodes(codesA: Uint8Array, codesB: Uint8Array): void {
    this.codesA.set(codesA);
    this.codesB.set(codesB);
    this.order = drawOrder(this.codesA, this.codesB);
  }

  /** Sets one flag from (N) bytes; null clears it everywhere. */
  /** True when an item's flag is another one than before. */
  setFlag(flag: number, values: Uint8Array | null): boolean {
    if (values) checkLength("flags", values, this.numItems);
    let isChanged = false;
    for (let item = 0; item < this.numItems; item++) {
      const before = this.flags[item] as number;
      const after = values && values[item] !== 0 ? before | flag : before & ~flag;
      isChanged ||= after !== before;
      this.flags[item] = after;
    }
    return isChanged;
  }

  /** (N) 1 where an item has the flag; null when none has. */
  maskOf(flag: number): Uint8Array | null {
    let mask: Uint8Array | null = null;
    for (let item = 0; item < this.numItems; item++) {
      if (((this.flags[item] as number) & flag) === 0) continue;
      mask ??= new Uint8Array(this.numItems);
      mask[item] = 1;
    }
    return mask;
  }

  /** Items with one of the flags, ascending. */
  indexesWith(flags: number): Uint32Array {
    const found: number[] = [];
    for (let item = 0; item < this.numItems; item++)
      if (((this.flags[item] as number) & flags) !== 0) found.push(item);
    return Uint32Array.from(found);
  }

  selectIndexes(indexes: Uint32Array): void {
    this.setFlag(SELECTED, null);
    for (const index of indexes) {
      checkRange("selected index", index, 0, this.numItems - 1);
      this.flags[index] = (this.flags[index] as number) | SELECTED;
    }
  }

  /** Marks the items without a place. Call after the layout changed. */
  markUnplaced(): void {
    const { a } = this.layout.layouts;
    for (let item = 0; item < this.numItems; item++) {
      const others = (this.flags[item] as number) & ~UNPLACED;
      const isMissing = Number.isNaN((a[2 * item] as number) + (a[2 * item + 1] as number));
      this.flags[item] = isMissing ? others | UNPLACED : others;
    }
  }

  private checkColumns(data: ScatterData): void {
    if (data.aspect) checkLength("aspect", data.aspect, data.numItems);
    if (data.cells16) checkLength("cells16", data.cells16, data.numItems * CELL16_BYTES);
  }

  private extend(data: ScatterData): void {
    const start = this.numItems;
    this.numItems += data.numItems;
    for (const name of COLUMNS) {
      const column = new Uint8Array(this.numItems).fill(COLUMN_START[name], start);
      column.set(this[name]);
      this[name] = column;
    }
    if (this.priorities) this.priorities = grown(this.priorities, this.numItems);
    if (data.aspect) this.aspect.set(data.aspect, start);
    this.cells16 = grown(this.cells16, this.numItems * CELL16_BYTES);
    if (data.cells16) this.setCells16(start, data.cells16);
    this.markUnplaced();
  }
}

const COLUMNS = ["aspect", "rates", "colours", "flags", "codesA", "codesB"] as const;
const COLUMN_START = { aspect: SQUARE_ASPECT, rates: 0, colours: 0, flags: 0, codesA: NEVER, codesB: NEVER };

function grown(array: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  result.set(array);
  return result;
}
