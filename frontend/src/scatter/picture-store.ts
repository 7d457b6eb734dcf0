/**
 * The third level of thumbnails: single pictures of 256 px, for the few that are drawn large. They are RGBA as the
 * browser decodes them, squashed to squares like the cells; those needed longest ago make room.
 */
import { CellLru } from "./cell-lru";
import type { GpuMemory } from "./gpu-memory";

export const PICTURE_PX = 256;
/** 16 MB. */
const NUM_PICTURES = 64;

export interface PlacedPicture {
  readonly item: number;
  readonly slot: number;
  readonly evicted: number | null;
}

export class PictureStore {
  readonly texture: WebGLTexture;
  readonly lru = new CellLru(NUM_PICTURES);
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: GpuMemory;
  private isMade = false;

  constructor(gl: WebGL2RenderingContext, memory: GpuMemory) {
    this.gl = gl;
    this.memory = memory;
    this.texture = gl.createTexture();
    this.allocate(1, 1);
  }

  /** Takes one picture in; null when all slots hold pictures that are needed now. */
  write(item: number, picture: TexImageSource): PlacedPicture | null {
    const placed = this.lru.place([item])[0];
    if (!placed) return null;
    const { gl } = this;
    if (!this.isMade) {
      this.isMade = true;
      this.allocate(PICTURE_PX, NUM_PICTURES);
    }
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage3D(
      gl.TEXTURE_2D_ARRAY,
      0,
      0,
      0,
      placed.slot,
      PICTURE_PX,
      PICTURE_PX,
      1,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      picture,
    );
    this.memory.bytesUploaded += 4 * PICTURE_PX ** 2;
    return placed;
  }

  /** Memory is taken with the first picture: most views of a large map need none. */
  private allocate(sidePx: number, numLayers: number): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
    gl.texImage3D(
      gl.TEXTURE_2D_ARRAY,
      0,
      gl.RGBA8,
      sidePx,
      sidePx,
      numLayers,
      0,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      null,
    );
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.LINEAR);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.CLAMP_TO_EDGE);
    this.memory.hold("pictures256", 4 * sidePx ** 2 * numLayers);
  }
}
