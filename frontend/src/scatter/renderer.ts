/**
 * Draws a scene: dots as points, thumbnails as quads, then the focused and the hovered picture on top. Holds
 * everything that lives on the GPU; made anew from the CPU arrays when a context comes back.
 */
import { CellStore } from "./cell-store";
import { type DrawOrder, drawOrder, prefixAt, quadsOf, VERTICES_PER_QUAD } from "./draw-order";
import { buildProgram, type Program, parseColour } from "./gl-program";
import { GpuMemory } from "./gpu-memory";
import { ItemTextures } from "./item-textures";
import type { Items } from "./items";
import type { Scene } from "./scene";
import { DOT_FRAGMENT, DOT_VERTEX, THUMBNAIL_FRAGMENT, THUMBNAIL_VERTEX } from "./shaders";
import type { ScatterTheme } from "./types";

/** Columns whose texture is out of date. */
export type Stale = "positions" | "meta" | "state" | "profiles" | "palette" | "order" | "cells16" | "slots";
export const ALL_STALE: readonly Stale[] = [
  "positions",
  "meta",
  "state",
  "profiles",
  "palette",
  "order",
  "cells16",
  "slots",
];

export interface RendererOptions {
  readonly layerPx: number;
  readonly cacheBytes: number;
  readonly forceRgba: boolean;
}

/** A picture drawn large on top. */
export interface Mark {
  readonly item: number;
  readonly sidePx: number;
}

/** Free space around a picture for its selection ring, and for the shadow of a hovered one, CSS pixels. */
const RING_PX = 4;
const SHADOW_PX = 14;

export class Renderer {
  readonly memory = new GpuMemory();
  readonly cells: CellStore;
  readonly textures: ItemTextures;
  private readonly gl: WebGL2RenderingContext;
  private readonly dots: Program;
  private readonly thumbnails: Program;
  private readonly quads: WebGLBuffer;
  private readonly vertexArrays: {
    readonly points: WebGLVertexArrayObject;
    readonly quads: WebGLVertexArrayObject;
  };
  /** What the index buffer holds. */
  private order: DrawOrder = drawOrder(new Uint8Array(0), new Uint8Array(0));

  constructor(gl: WebGL2RenderingContext, options: RendererOptions) {
    this.gl = gl;
    this.dots = buildProgram(gl, DOT_VERTEX, DOT_FRAGMENT);
    this.thumbnails = buildProgram(gl, THUMBNAIL_VERTEX, THUMBNAIL_FRAGMENT);
    for (const program of [this.dots, this.thumbnails]) bindSamplers(gl, program);
    this.textures = new ItemTextures(gl, this.memory);
    this.cells = new CellStore(gl, options, this.memory);
    this.quads = gl.createBuffer();
    this.vertexArrays = { points: gl.createVertexArray(), quads: gl.createVertexArray() };
    gl.bindVertexArray(this.vertexArrays.quads);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.quads);
    gl.bindVertexArray(null);
  }

  /** Sends what is out of date. `cells16` writes all of them; single ranges go through `cells.writeSmall`. */
  sync(items: Items, palette: Uint8Array, stale: ReadonlySet<Stale>): void {
    if (stale.has("slots")) this.cells.clear(items, this.textures);
    if (stale.has("positions")) this.textures.writePositions(items);
    if (stale.has("meta")) this.textures.writeMeta(items);
    if (stale.has("state")) this.textures.writeState(items);
    if (stale.has("profiles")) this.textures.writeProfiles(items);
    if (stale.has("palette")) this.textures.writePalette(palette);
    if (stale.has("cells16")) this.cells.writeSmall(items, 0, items.numItems);
    if (stale.has("order")) this.writeOrder(items);
  }

  draw(scene: Scene, theme: ScatterTheme, marks: readonly Mark[]): void {
    const { gl } = this;
    const [red, green, blue] = parseColour(theme.background);
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(red, green, blue, 1);
    gl.depthMask(true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const { numItems } = scene.items;
    if (numItems === 0) return;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    this.bindTextures();

    this.use(this.dots, scene, theme);
    gl.bindVertexArray(this.vertexArrays.points);
    gl.drawArrays(gl.POINTS, 0, numItems);

    const count = prefixAt(this.order, scene.front);
    if (count === 0 && marks.length === 0) return;
    const uniforms = this.use(this.thumbnails, scene, theme);
    this.setCropUniforms(uniforms, scene);
    gl.uniform1f(uniforms.get("uPadPx") ?? null, RING_PX);
    if (count > 0) {
      gl.bindVertexArray(this.vertexArrays.quads);
      gl.drawElements(gl.TRIANGLES, VERTICES_PER_QUAD * count, gl.UNSIGNED_INT, 0);
    }
    gl.disable(gl.DEPTH_TEST);
    gl.bindVertexArray(this.vertexArrays.points);
    gl.uniform1f(uniforms.get("uPadPx") ?? null, SHADOW_PX);
    gl.uniform1f(uniforms.get("uShadowPx") ?? null, SHADOW_PX);
    for (const { item, sidePx } of marks) {
      gl.uniform1f(uniforms.get("uLargeSidePx") ?? null, sidePx);
      gl.drawArrays(gl.TRIANGLE_STRIP, 4 * item, 4);
    }
  }

  private writeOrder(items: Items): void {
    const { gl } = this;
    this.order = items.order;
    const quads = quadsOf(items.order);
    gl.bindVertexArray(null);
    gl.bindVertexArray(this.vertexArrays.quads);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, quads, gl.STATIC_DRAW);
    gl.bindVertexArray(null);
    this.memory.bytesUploaded += quads.byteLength;
    this.memory.hold("order", quads.byteLength);
  }

  private bindTextures(): void {
    const { gl, textures, cells } = this;
    const flat = [textures.positions, textures.meta, textures.state, textures.profiles, textures.slots];
    flat.forEach(({ texture }, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.activeTexture(gl.TEXTURE0 + 5);
    gl.bindTexture(gl.TEXTURE_2D, textures.palette);
    gl.activeTexture(gl.TEXTURE0 + 6);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, cells.small.texture);
    gl.activeTexture(gl.TEXTURE0 + 7);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, cells.large.texture);
    gl.activeTexture(gl.TEXTURE0 + 8);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, cells.pictures.texture);
    gl.activeTexture(gl.TEXTURE0 + 9);
  }

  private use({ program, uniforms }: Program, scene: Scene, theme: ScatterTheme): Program["uniforms"] {
    const { gl } = this;
    // biome-ignore lint/correctness/useHookAtTopLevel: a WebGL call, not a hook.
    gl.useProgram(program);
    const at = (name: string) => uniforms.get(name) ?? null;
    gl.uniform2f(at("uViewportPx"), scene.size.width, scene.size.height);
    gl.uniform3f(at("uCamera"), scene.camera.x, scene.camera.y, scene.camera.zoom);
    gl.uniform1f(at("uPixelRatio"), scene.pixelRatio);
    gl.uniform1f(at("uMix"), scene.items.layout.ends.mix);
    gl.uniform1f(at("uCodeMix"), scene.items.layout.mix);
    gl.uniform1f(at("uFront"), scene.front);
    gl.uniform1f(at("uThumbnailPx"), scene.thumbnailPx);
    gl.uniform1f(at("uDotRadiusPx"), scene.dotRadiusPx);
    gl.uniform3fv(at("uBackground"), parseColour(theme.background));
    gl.uniform3fv(at("uAccent"), parseColour(theme.accent));
    gl.uniform3fv(at("uOutline"), parseColour(theme.outline));
    return uniforms;
  }

  private setCropUniforms(uniforms: Program["uniforms"], scene: Scene): void {
    const { gl, cells } = this;
    const { profiles } = scene.items;
    const at = (name: string) => uniforms.get(name) ?? null;
    gl.uniform2i(at("uProfileShape"), profiles?.width ?? 1, profiles?.height ?? 1);
    gl.uniform1i(at("uNumProfiles"), profiles?.numItems ?? 0);
    gl.uniform1f(at("uRetention"), scene.retention);
    gl.uniform1f(at("uCropAmount"), scene.cropAmount);
    gl.uniform1f(at("uMinHalf"), scene.cropRule.minHalf);
    gl.uniform1f(at("uContextFrac"), scene.cropRule.contextFrac);
    gl.uniform1i(at("uNumSmallCells"), cells.numSmall);
    gl.uniform2i(at("uCellsPerRow"), cells.small.cellsPerRow, cells.large.cellsPerRow);
    gl.uniform1f(at("uLayerPx"), cells.layerPx);
    gl.uniform1f(at("uLargeSidePx"), 0);
    gl.uniform1f(at("uShadowPx"), 0);
  }
}

/** Which texture unit each sampler reads stays the same for good. */
function bindSamplers(gl: WebGL2RenderingContext, { program, uniforms }: Program): void {
  // biome-ignore lint/correctness/useHookAtTopLevel: a WebGL call, not a hook.
  gl.useProgram(program);
  SAMPLERS.forEach((name, unit) => {
    gl.uniform1i(uniforms.get(name) ?? null, unit);
  });
}

const SAMPLERS = [
  "uPositions",
  "uMeta",
  "uState",
  "uProfiles",
  "uSlots",
  "uPalette",
  "uSmallCells",
  "uLargeCells",
  "uPictures",
];
