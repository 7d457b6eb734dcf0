/** The scene that every renderer draws: all items as dots, and the pictures that our map would show at this zoom. */
import { codeAtZoom } from "../../../src/scatter/declutter";
import { runJob } from "../../../src/scatter/declutter-job";
import { THUMBNAIL_PX, THUMBNAIL_SPACING } from "../../../src/scatter/defaults";
import { boundsOf, fitBounds } from "../../../src/scatter/viewport";
import { type Generated, generate } from "../generated";

export { THUMBNAIL_PX };
export const ATLAS_COLUMNS = 16;
export const CELL_PX = 64;

export interface PeerScene {
  readonly data: Generated;
  readonly camera: { readonly x: number; readonly y: number; readonly zoom: number };
  /** Items drawn as pictures. */
  readonly pictures: readonly number[];
  /** One texture with all the pictures there are, 64 px each. */
  readonly atlas: ImageData;
  readonly colourOf: (item: number) => readonly [number, number, number];
  /** Time to make the items up, which no renderer is charged for. */
  readonly generateMs: number;
}

export function buildScene(container: HTMLElement): PeerScene {
  const start = performance.now();
  const data = generate(Number(new URLSearchParams(window.location.search).get("n") ?? 1000), 7);
  const generateMs = performance.now() - start;
  const size = { width: container.clientWidth, height: container.clientHeight };
  const bounds = boundsOf(data.positionsA, data.numItems);
  if (!bounds) throw new Error("no items");
  const camera = fitBounds(bounds, size, 40, Number.POSITIVE_INFINITY);
  const { codesA, extent } = runJob({ ...data, priorities: null });
  const limit = codeAtZoom(camera.zoom, extent, THUMBNAIL_PX * THUMBNAIL_SPACING);
  const pictures: number[] = [];
  codesA.forEach((code, item) => {
    if (code <= limit) pictures.push(item);
  });
  return { data, camera, pictures, atlas: atlasOf(data), colourOf, generateMs };

  function colourOf(item: number): readonly [number, number, number] {
    if (item % 3 !== 0) return [122, 130, 142];
    const hue = (data.clusters[item] as number) * 30;
    return [0, 8, 4].map((shift) => {
      const k = (shift + hue / 30) % 12;
      return Math.round(255 * (0.58 - 0.32 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
    }) as [number, number, number];
  }
}

/** Crop of a picture's cell at a retention, in texels: what a peer has to compute for each picture itself. */
export function cropOf(picture: number, retention: number): [x: number, y: number, side: number] {
  const side = Math.max(8, Math.round(CELL_PX * (0.3 + 0.7 * retention)));
  const inset = Math.floor((CELL_PX - side) / 2);
  const column = picture % ATLAS_COLUMNS;
  const row = Math.floor(picture / ATLAS_COLUMNS);
  return [column * CELL_PX + inset, row * CELL_PX + inset, side];
}

/** Flat colours stand for the pictures: what is in a texel does not change what it costs to draw. */
function atlasOf({ pictures }: Generated): ImageData {
  const rows = Math.ceil(pictures.length / ATLAS_COLUMNS);
  const atlas = new ImageData(ATLAS_COLUMNS * CELL_PX, rows * CELL_PX);
  for (let at = 0; at < atlas.data.length; at += 4) {
    const x = ((at / 4) % atlas.width) / CELL_PX;
    const y = Math.floor(at / 4 / atlas.width) / CELL_PX;
    atlas.data.set([(x * 53) % 255, (y * 91) % 255, (x * y * 17) % 255, 255], at);
  }
  return atlas;
}
