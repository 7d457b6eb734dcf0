/** Names over a map: where they stand, and which of them there is room for. */

/** A name's middle and size in CSS pixels; the heavier of two that overlap is shown. */
export interface NameBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly weight: number;
}

/** Free ground between two names, CSS pixels. */
const GAP_PX = 4;

/** Whether each name is shown: heaviest first, each that lies over none shown before. */
export function namesThatFit(names: readonly NameBox[]): boolean[] {
  const isShown = names.map(() => false);
  const shown: NameBox[] = [];
  const order = names.map((_, at) => at).sort((a, b) => names[b].weight - names[a].weight);
  for (const at of order) {
    if (shown.some((other) => isOver(names[at], other))) continue;
    isShown[at] = true;
    shown.push(names[at]);
  }
  return isShown;
}

function isOver(a: NameBox, b: NameBox): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + GAP_PX &&
    Math.abs(a.y - b.y) < (a.height + b.height) / 2 + GAP_PX
  );
}

/** Middle of an outline's bounds. */
export function middleOf(outline: readonly (readonly number[])[]): [number, number] {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}
