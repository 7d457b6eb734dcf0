/** What is drawn where, on the CPU: the same rules as the vertex shader, for picking, paging and tests. */
import { boxFromProfile, WHOLE_BOX } from "../lib/profile-boxes";
import { aspectFromByte, cropFromBox, drawnSize, mixWithWhole, retentionOf } from "./crop";
import { NEVER } from "./declutter";
import { prefixAt } from "./draw-order";
import { type Items, NOT_DRAWN, SELECTED } from "./items";
import type { Box, Camera, CropRule } from "./types";
import { type Bounds, boundsOf, type Size } from "./viewport";

/** One frame's settings. */
export interface Scene {
  readonly items: Items;
  readonly camera: Camera;
  readonly size: Size;
  readonly pixelRatio: number;
  readonly thumbnailPx: number;
  readonly dotRadiusPx: number;
  /** Items with a declutter code below are thumbnails; the part after the point is how far that code has grown. */
  readonly front: number;
  readonly retention: number;
  /** 0 = whole pictures, 1 = crops. */
  readonly cropAmount: number;
  readonly cropRule: CropRule;
}

/** The next larger cells are worth their bytes above this many device pixels for each texel. */
export const MAX_STRETCH = 1.25;
/** Selected dots are larger by this. */
export const SELECTED_DOT_SCALE = 1.3;

/** 0 = dot, 1 = full thumbnail, between while it grows. */
export function growthOf(scene: Scene, item: number): number {
  return Math.max(0, Math.min(1, scene.front - codeOf(scene.items, item)));
}

/** Declutter code between the two layouts. */
export function codeOf(items: Items, item: number): number {
  const codeA = items.codesA[item] as number;
  return codeA + ((items.codesB[item] as number) - codeA) * items.layout.mix;
}

/** The exact box of the item's profile at its retention; the whole picture when it has none. */
export function salientBoxOf(scene: Scene, item: number): Box {
  const { profiles, rates } = scene.items;
  const retention = retentionOf(rates[item] as number, scene.retention);
  if (!profiles || item >= profiles.numItems || retention >= 1) return WHOLE_BOX;
  const { codes, height, width } = profiles;
  return boxFromProfile(codes, height, width, retention, item * (height + width));
}

/** The part of the picture that is drawn. */
export function cropBoxOf(scene: Scene, item: number): Box {
  if (scene.cropAmount === 0) return WHOLE_BOX;
  const salient = salientBoxOf(scene, item);
  if (salient === WHOLE_BOX) return WHOLE_BOX;
  return mixWithWhole(cropFromBox(salient, scene.cropRule), scene.cropAmount);
}

/** Radius of an item drawn as a dot. */
export function dotRadiusOf(scene: Scene, item: number): number {
  const isSelected = ((scene.items.flags[item] as number) & SELECTED) !== 0;
  return scene.dotRadiusPx * (isSelected ? SELECTED_DOT_SCALE : 1);
}

/** Long side of the square that a growing thumbnail fills. */
export function sideAt(scene: Scene, growth: number): number {
  const dot = 2 * scene.dotRadiusPx;
  return dot + (scene.thumbnailPx - dot) * growth;
}

/** Drawn width and height in CSS pixels, of a picture in a square of side `side`. */
export function pictureSize(scene: Scene, item: number, side: number): [number, number] {
  const crop = cropBoxOf(scene, item);
  const aspect = aspectFromByte(scene.items.aspect[item] as number);
  return drawnSize(aspect, crop[2] - crop[0], crop[3] - crop[1], side);
}

/** The rectangle drawn for the item, CSS pixels; null when it is not drawn. */
export function rectangleOf(scene: Scene, item: number): Box | null {
  if (((scene.items.flags[item] as number) & NOT_DRAWN) !== 0) return null;
  const [x, y] = centreOf(scene, item);
  const growth = growthOf(scene, item);
  const diameter = 2 * dotRadiusOf(scene, item);
  const [width, height] = growth > 0 ? pictureSize(scene, item, sideAt(scene, growth)) : [diameter, diameter];
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

export function centreOf(scene: Scene, item: number): [number, number] {
  const places = scene.items.layout.places();
  const { camera, size } = scene;
  return [
    size.width / 2 + ((places[2 * item] as number) - camera.x) * camera.zoom,
    size.height / 2 - ((places[2 * item + 1] as number) - camera.y) * camera.zoom,
  ];
}

/** Bounds, in world units, of all items that are drawn, or of those among `indexes`; null when there is none. */
export function drawnBounds(items: Items, indexes?: ArrayLike<number>): Bounds | null {
  const chosen = indexes ? new Set(Array.from(indexes)) : null;
  const isDrawn = (item: number) =>
    ((items.flags[item] as number) & NOT_DRAWN) === 0 && (chosen === null || chosen.has(item));
  return boundsOf(items.layout.places(), items.numItems, isDrawn);
}

/** True when a cell of `cellPx` would look blurred at this size. */
export function isTooSmall(cellPx: 16 | 64, scene: Scene, crop: Box, side: number): boolean {
  const cropLong = Math.max(crop[2] - crop[0], crop[3] - crop[1]);
  return side * scene.pixelRatio > cellPx * MAX_STRETCH * cropLong;
}

/** Items in view for which a cell of `cellPx` is too small, those nearest to the middle first, at most `limit`. */
export function neededCells(cellPx: 16 | 64, scene: Scene, limit: number): number[] {
  const smallestCrop = scene.cropAmount === 0 ? 1 : 2 * scene.cropRule.minHalf;
  if (scene.front <= 0 || scene.thumbnailPx * scene.pixelRatio <= cellPx * MAX_STRETCH * smallestCrop)
    return [];
  const { items, camera, size } = scene;
  const places = items.layout.places();
  const reachX = (size.width / 2 + scene.thumbnailPx / 2) / camera.zoom;
  const reachY = (size.height / 2 + scene.thumbnailPx / 2) / camera.zoom;
  // What is too small for a whole picture is too small for every crop of it.
  const isWholeTooSmall = isTooSmall(cellPx, scene, WHOLE_BOX, scene.thumbnailPx);
  const found: { item: number; distance: number }[] = [];
  const numOut = prefixAt(items.order, scene.front);
  for (let place = 0; place < numOut; place++) {
    const item = items.order.items[place] as number;
    const dx = (places[2 * item] as number) - camera.x;
    const dy = (places[2 * item + 1] as number) - camera.y;
    if (!(Math.abs(dx) <= reachX && Math.abs(dy) <= reachY)) continue;
    if (((items.flags[item] as number) & NOT_DRAWN) !== 0 || growthOf(scene, item) === 0) continue;
    if (!isWholeTooSmall && !isTooSmall(cellPx, scene, cropBoxOf(scene, item), scene.thumbnailPx)) continue;
    found.push({ item, distance: Math.max(Math.abs(dx) / reachX, Math.abs(dy) / reachY) });
  }
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, limit).map(({ item }) => item);
}

/** Front that makes every placed item a thumbnail. */
export const ALL_THUMBNAILS = NEVER + 1;
