/** Which item holds which slot of a cell cache; the least recently needed ones make room. */

export interface Placement {
  readonly item: number;
  readonly slot: number;
  /** The item that lost the slot, or null. */
  readonly evicted: number | null;
}

export class CellLru {
  readonly capacity: number;
  private readonly slotOfItem = new Map<number, number>();
  private readonly itemOfSlot: Int32Array;
  private readonly neededAt: Float64Array;
  private round = 0;
  private numUsed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.itemOfSlot = new Int32Array(capacity).fill(-1);
    this.neededAt = new Float64Array(capacity);
  }

  get size(): number {
    return this.slotOfItem.size;
  }

  has(item: number): boolean {
    return this.slotOfItem.has(item);
  }

  /** A new round of needs: items named here are not evicted until the next round. */
  need(items: Iterable<number>): void {
    this.round++;
    for (const item of items) {
      const slot = this.slotOfItem.get(item);
      if (slot !== undefined) this.neededAt[slot] = this.round;
    }
  }

  /** Slots for items that have none. Free ones first, then those needed longest ago; the rest is left out. */
  place(items: readonly number[]): Placement[] {
    const wanted = items.filter((item) => !this.slotOfItem.has(item));
    const slots = this.slotsFor(wanted.length);
    return slots.map((slot, k) => {
      const item = wanted[k] as number;
      const before = this.itemOfSlot[slot] as number;
      if (before >= 0) this.slotOfItem.delete(before);
      this.slotOfItem.set(item, slot);
      this.itemOfSlot[slot] = item;
      this.neededAt[slot] = this.round;
      return { item, slot, evicted: before >= 0 ? before : null };
    });
  }

  /** Forgets everything. */
  clear(): void {
    this.slotOfItem.clear();
    this.itemOfSlot.fill(-1);
    this.neededAt.fill(0);
    this.numUsed = 0;
  }

  private slotsFor(count: number): number[] {
    const slots: number[] = [];
    while (slots.length < count && this.numUsed < this.capacity) slots.push(this.numUsed++);
    const missing = count - slots.length;
    if (missing === 0) return slots;
    const taken = new Set(slots);
    const old: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) {
      if ((this.neededAt[slot] as number) < this.round && !taken.has(slot)) old.push(slot);
    }
    old.sort((a, b) => (this.neededAt[a] as number) - (this.neededAt[b] as number));
    return slots.concat(old.slice(0, missing));
  }
}
