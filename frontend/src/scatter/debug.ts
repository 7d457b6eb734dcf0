/** The test hook: what is drawn for given items, from the same rules that the shader follows. */
import type { CellLru } from "./cell-lru";
import { HAS_CELL, NOT_DRAWN } from "./items";
import { cropBoxOf, growthOf, rectangleOf, type Scene, salientBoxOf, sideAt, wantsLargeCell } from "./scene";
import type { DebugRectangle } from "./types";

export function debugRectangle(scene: Scene, lru: CellLru, index: number): DebugRectangle {
  const rectangle = rectangleOf(scene, index) ?? [0, 0, 0, 0];
  const flags = scene.items.flags[index] as number;
  const growth = growthOf(scene, index);
  const kind = (flags & NOT_DRAWN) !== 0 ? "hidden" : growth > 0 ? "thumbnail" : "dot";
  const cropBox = cropBoxOf(scene, index);
  const isLarge = lru.has(index) && wantsLargeCell(scene, cropBox, sideAt(scene, growth));
  const smallPx = (flags & HAS_CELL) !== 0 ? 16 : 0;
  const cellPx = kind !== "thumbnail" ? 0 : isLarge ? 64 : smallPx;
  return { index, rectangle, salientBox: salientBoxOf(scene, index), cropBox, kind, cellPx };
}
