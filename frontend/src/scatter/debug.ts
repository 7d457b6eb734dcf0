/** The test hook: what is drawn for given items, from the same rules that the shader follows. */
import type { CellStore } from "./cell-store";
import { checkRange } from "./errors";
import type { Interaction } from "./interaction";
import { HAS_CELL, type Items, NOT_DRAWN, SELECTED } from "./items";
import { cropBoxOf, growthOf, isTooSmall, rectangleOf, type Scene, salientBoxOf, sideAt } from "./scene";
import type { DebugMarks, DebugRectangle } from "./types";

export function debugRectangles(
  scene: Scene,
  cells: CellStore,
  indexes: ArrayLike<number>,
): DebugRectangle[] {
  return Array.from(indexes, (index) => {
    checkRange("index", index, 0, scene.items.numItems - 1);
    return debugRectangle(scene, cells, index);
  });
}

export function debugMarks(items: Items, { hovered, focused }: Interaction): DebugMarks {
  return { hovered, focused, selected: items.indexesWith(SELECTED), colours: items.colours };
}

function debugRectangle(scene: Scene, cells: CellStore, index: number): DebugRectangle {
  const rectangle = rectangleOf(scene, index) ?? [0, 0, 0, 0];
  const flags = scene.items.flags[index] as number;
  const growth = growthOf(scene, index);
  const kind = (flags & NOT_DRAWN) !== 0 ? "hidden" : growth > 0 ? "thumbnail" : "dot";
  const cropBox = cropBoxOf(scene, index);
  const cellPx = kind === "thumbnail" ? cellUsed(scene, cells, index) : 0;
  return { index, rectangle, salientBox: salientBoxOf(scene, index), cropBox, kind, cellPx };
}

/** The level that the vertex shader takes. */
function cellUsed(scene: Scene, cells: CellStore, index: number): DebugRectangle["cellPx"] {
  const crop = cropBoxOf(scene, index);
  const side = sideAt(scene, growthOf(scene, index));
  if (cells.pictures.lru.has(index) && isTooSmall(64, scene, crop, side)) return 256;
  if (cells.lru.has(index) && isTooSmall(16, scene, crop, side)) return 64;
  return ((scene.items.flags[index] as number) & HAS_CELL) !== 0 ? 16 : 0;
}
