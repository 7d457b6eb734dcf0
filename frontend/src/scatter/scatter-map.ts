/**
 * The map: items at their places as pictures or dots, in one canvas. A controlled view: data, colours, selection and
 * crop go in, gestures come out; it redraws on demand only. See `types.ts` for every method.
 */
import { cellBytes } from "./bc1";
import { CameraControl } from "./camera-control";
import { CellFeed } from "./cell-feed";
import type { CellStore } from "./cell-store";
import { debugMarks, debugRectangles } from "./debug";
import type { DeclutterResult } from "./declutter-job";
import { DeclutterRunner } from "./declutter-runner";
import * as defaults from "./defaults";
import { checkLength, checkRange } from "./errors";
import { FrameLoop } from "./frame-loop";
import { hasItemInView } from "./hit-test";
import { Interaction } from "./interaction";
import { DIMMED, HIDDEN, Items, SELECTED } from "./items";
import { LayoutControl } from "./layout-control";
import { grownBy } from "./neighbourhood";
import { OutlineOverlay } from "./outline-overlay";
import { PointerInputs } from "./pointer-input";
import { ALL_STALE, Renderer, type RendererOptions, type Stale } from "./renderer";
import { drawnBounds, type Scene } from "./scene";
import { SceneSettings } from "./scene-settings";
import { prefersStillness } from "./stillness";
import { Surface } from "./surface";
import { Tweens } from "./tween";
import type {
  AnimateOptions,
  Camera,
  DebugMarks,
  DebugRectangle,
  DragMode,
  ScatterCounters,
  ScatterData,
  ScatterMapMethods,
  ScatterOptions,
  ScatterTheme,
  ThumbnailMode,
} from "./types";
import { boundsOf, fitBounds } from "./viewport";

export class ScatterMap implements ScatterMapMethods {
  private readonly options: ScatterOptions;
  private readonly surface: Surface;
  private renderer: Renderer;
  private readonly items = new Items();
  private readonly tweens = new Tweens(prefersStillness);
  private readonly loop: FrameLoop;
  private readonly control: CameraControl;
  private readonly overlay: OutlineOverlay;
  private readonly interaction: Interaction;
  private readonly inputs: PointerInputs;
  private readonly layouts: LayoutControl;
  private readonly feed: CellFeed;
  private readonly declutter: DeclutterRunner;
  private readonly stale = new Set<Stale>(ALL_STALE);
  private readonly settings: SceneSettings;
  /** False until the first codes of new items are there: until then all of them are dots. */
  private hasCodes = false;

  constructor(options: ScatterOptions) {
    this.options = options;
    this.settings = new SceneSettings(options.theme ?? defaults.DARK_THEME, options.crop);
    this.surface = new Surface(options, {
      onResize: () => this.resized(),
      onRestored: () => this.restore(),
    });
    this.renderer = new Renderer(this.surface.gl, this.rendererOptions());
    this.overlay = new OutlineOverlay(options.container, this.settings.theme);
    this.loop = new FrameLoop((nowMs, elapsedMs) => this.frame(nowMs, elapsedMs));
    this.control = new CameraControl(
      this.tweens,
      () => this.loop.nowMs(),
      (camera) => this.cameraChanged(camera),
    );
    this.layouts = new LayoutControl({
      items: this.items,
      tweens: this.tweens,
      now: () => this.loop.nowMs(),
      onEnds: () => this.redraw("positions", "state"),
      onPlaces: () => this.placesChanged(),
    });
    this.feed = new CellFeed({
      requestCells: options.requestCells,
      requestPicture: options.requestPicture,
      onCells: (indexes, cells) =>
        this.cellsCame((store) => store.writeLarge(indexes, cells, this.renderer.textures)),
      onPicture: (item, picture) =>
        this.cellsCame((store) => store.writePicture(item, picture, this.renderer.textures)),
      onError: (error) => options.onError?.(error),
    });
    this.declutter = new DeclutterRunner(
      (result) => this.decluttered(result),
      (error) => options.onError?.(error),
    );
    this.interaction = new Interaction({
      callbacks: options,
      control: this.control,
      overlay: this.overlay,
      scene: () => this.scene(),
      marksChanged: () => this.redraw(),
      requestFrame: () => this.loop.request(),
      holdLayout: (isHeld) => this.layouts.hold(isHeld),
      zoomBy: (factor) => this.zoomBy(factor),
      fit: () => this.fit(),
    });
    this.inputs = new PointerInputs(this.surface.canvas, {
      onGesture: (action) => this.interaction.gesture(action),
      onWheel: (point, factor) => this.control.zoomBy(point, factor, this.surface.size, false),
      onKey: (event) => this.interaction.key(event),
    });
    this.inputs.setMode(options.mode ?? "lasso");
    this.redraw();
  }

  setData(data: ScatterData): void {
    this.items.replace(data);
    this.layouts.reset();
    this.interaction.reset();
    this.feed.reset();
    this.hasCodes = false;
    this.placesChanged();
    this.redraw("positions", "meta", "state", "profiles", "order", "cells16", "slots");
  }

  appendItems(data: ScatterData): void {
    const start = this.items.numItems;
    this.layouts.append(data);
    this.items.append(data);
    this.placesChanged();
    this.ensureSynced();
    if (data.cells16) this.renderer.cells.writeSmall(this.items, start, this.items.numItems);
    this.renderer.cells.extendSlots(this.items, this.renderer.textures);
    this.redraw("positions", "meta", "state");
  }

  setCells16(start: number, cells: Uint8Array): void {
    this.items.setCells16(start, cells);
    this.ensureSynced();
    this.renderer.cells.writeSmall(this.items, start, start + cells.length / cellBytes(16));
    this.redraw("state");
  }

  setPositions(a: Float32Array, b: Float32Array | null, { animate = true }: AnimateOptions = {}): void {
    this.layouts.setPositions(a, b, animate);
  }

  setLayoutMix(target: number, { animate = true }: AnimateOptions = {}): void {
    this.layouts.setMix(target, animate);
    this.redraw();
  }

  setProfiles(codes: Uint8Array | null, height: number, width: number): void {
    this.items.setProfiles(codes, height, width);
    this.redraw("profiles");
  }

  setRetention(retention: number): void {
    this.settings.setRetention(retention);
    this.redraw();
  }

  setCropRates(rates: Uint8Array | null): void {
    if (rates) checkLength("crop rates", rates, this.items.numItems);
    this.items.rates = rates ? rates.slice() : new Uint8Array(this.items.numItems);
    this.redraw("meta");
  }

  setWholeMode(isWhole: boolean, { animate = true }: AnimateOptions = {}): void {
    this.settings.setCropAmount(isWhole ? 0 : 1, this.tweens, this.loop.nowMs(), animate);
    this.redraw();
  }

  setColours(colours: Uint8Array): void {
    checkLength("colours", colours, this.items.numItems);
    this.items.colours = colours.slice();
    this.redraw("state");
  }

  setPalette(rgba: Uint8Array): void {
    this.settings.setPalette(rgba);
    this.redraw("palette");
  }

  setSelection(selection: Uint8Array | Uint32Array): void {
    if (selection instanceof Uint32Array) this.items.selectIndexes(selection);
    else this.items.setFlag(SELECTED, selection);
    this.redraw("state");
  }

  setDimmed(dimmed: Uint8Array | null): void {
    this.items.setFlag(DIMMED, dimmed);
    this.redraw("state");
  }

  setHidden(hidden: Uint8Array | null): void {
    if (!this.items.setFlag(HIDDEN, hidden)) return;
    this.makeRoom();
    this.redraw("state");
  }

  setPriorities(priorities: Uint8Array | null): void {
    if (priorities) checkLength("priorities", priorities, this.items.numItems);
    this.items.priorities = priorities ? priorities.slice() : null;
    this.placesChanged();
  }

  setHover(index: number | null): void {
    this.interaction.setHover(this.checkedIndex(index));
  }

  setFocus(index: number | null): void {
    this.interaction.setFocus(this.checkedIndex(index));
  }

  setMode(mode: DragMode): void {
    this.inputs.setMode(mode);
  }

  setThumbnailMode(mode: ThumbnailMode): void {
    this.settings.front.mode = mode;
    this.redraw();
  }

  setSize(thumbnailPx: number): void {
    this.settings.setSize(thumbnailPx);
    this.redraw();
  }

  setTheme(theme: ScatterTheme): void {
    this.settings.setTheme(theme);
    this.overlay.setTheme(theme);
    this.redraw();
  }

  getCamera(): Camera {
    return this.control.camera;
  }

  setCamera(camera: Camera, { animate = false }: AnimateOptions = {}): void {
    this.control.moveTo(camera, animate);
    this.redraw();
  }

  fit({ animate = true, indexes }: AnimateOptions & { readonly indexes?: ArrayLike<number> } = {}): void {
    const bounds = drawnBounds(this.items, indexes);
    if (!bounds) return;
    this.fitZoom();
    this.control.moveTo(fitBounds(bounds, this.surface.size, defaults.FIT_PADDING_PX, Infinity), animate);
    this.redraw();
  }

  zoomBy(factor: number, { animate = true }: AnimateOptions = {}): void {
    checkRange("zoom factor", factor, Number.MIN_VALUE, Number.MAX_VALUE);
    const { size } = this.surface;
    this.control.zoomBy([size.width / 2, size.height / 2], factor, size, animate);
    this.redraw();
  }

  grown(indexes: Uint32Array, byPx: number): Uint32Array {
    checkRange("distance", byPx, 0, Number.MAX_VALUE);
    return grownBy(this.items, indexes, byPx / this.control.camera.zoom);
  }

  hasItemInView(marginPx: number): boolean {
    return hasItemInView(this.scene(), marginPx);
  }

  debugRectangles(indexes: ArrayLike<number>): DebugRectangle[] {
    return debugRectangles(this.scene(), this.renderer.cells, indexes);
  }

  debugMarks(): DebugMarks {
    return debugMarks(this.items, this.interaction);
  }

  get counters(): ScatterCounters {
    const { memory, cells } = this.renderer;
    const isBusy = this.loop.isWaiting || this.feed.isBusy || this.declutter.isBusy;
    return {
      draws: this.loop.numFrames,
      frameMs: this.loop.frameMs,
      bytesUploaded: memory.bytesUploaded,
      gpuBytes: memory.gpuBytes + this.surface.bytes,
      cells64Resident: cells.lru.size,
      pictures256Resident: cells.pictures.lru.size,
      isBusy,
    };
  }

  dispose(): void {
    this.loop.dispose();
    this.inputs.dispose();
    this.feed.dispose();
    this.declutter.dispose();
    this.overlay.dispose();
    this.surface.dispose();
  }

  private frame(nowMs: number, elapsedMs: number): void {
    if (this.surface.gl.isContextLost()) return;
    const { front, theme, thumbnailPx } = this.settings;
    this.tweens.step(nowMs);
    const sinceMs = prefersStillness() ? Number.POSITIVE_INFINITY : elapsedMs;
    if (front.step(this.frontGoal(), sinceMs)) this.feed.markStale();
    this.ensureSynced();
    const scene = this.scene();
    this.interaction.update(scene, this.tweens.isBusy);
    const marks = this.interaction.marks(thumbnailPx);
    this.renderer.draw(scene, theme, marks);
    this.feed.update(scene, this.renderer.cells, marks, nowMs);
    const isGrowing = front.value !== this.frontGoal();
    if (this.tweens.isBusy || isGrowing || this.feed.isWaiting) this.loop.request();
  }

  private scene(): Scene {
    return this.settings.scene(this.items, this.control, this.surface);
  }

  private frontGoal(): number {
    return this.settings.frontGoal(this.control.camera.zoom);
  }

  private redraw(...columns: Stale[]): void {
    for (const column of columns) this.stale.add(column);
    this.feed.markStale();
    this.interaction?.markStale();
    this.loop.request();
  }

  private ensureSynced(): void {
    if (this.stale.size === 0) return;
    this.renderer.sync(this.items, this.settings.palette, this.stale);
    this.stale.clear();
  }

  private placesChanged(): void {
    this.fitZoom();
    this.makeRoom();
  }

  /** Thumbnails share the room among the items that are drawn. */
  private makeRoom(): void {
    const { layout, numItems, priorities } = this.items;
    const { a: positionsA, b: positionsB } = layout.layouts;
    this.declutter.run({ numItems, positionsA, positionsB, priorities, hidden: this.items.maskOf(HIDDEN) });
  }

  private decluttered(result: DeclutterResult): void {
    if (result.numItems > this.items.numItems) return;
    this.items.setCodes(result.codesA, result.codesB);
    this.settings.front.extent = result.extent;
    if (!this.hasCodes) this.settings.front.jumpTo(this.frontGoal());
    this.hasCodes = true;
    this.redraw("meta", "order");
  }

  private cameraChanged(camera: Camera): void {
    this.redraw();
    this.options.onCamera?.(camera);
  }

  private cellsCame(write: (store: CellStore) => void): void {
    if (this.surface.gl.isContextLost()) return;
    this.ensureSynced();
    write(this.renderer.cells);
    this.loop.request();
  }

  private rendererOptions(): RendererOptions {
    const { layerPx = defaults.LAYER_PX, cellCacheBytes = defaults.CELL_CACHE_BYTES } = this.options;
    return { layerPx, cacheBytes: cellCacheBytes, forceRgba: this.options.forceRgbaCells ?? false };
  }

  private checkedIndex(index: number | null): number | null {
    if (index !== null) checkRange("index", index, 0, this.items.numItems - 1);
    return index;
  }

  /** A lost context takes all textures; they are made again from the arrays kept here. */
  private restore(): void {
    try {
      this.renderer = new Renderer(this.surface.gl, this.rendererOptions());
      this.redraw(...ALL_STALE);
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private resized(): void {
    this.fitZoom();
    this.redraw();
    this.loop.runNow();
  }

  private fitZoom(): void {
    this.control.setFitZoom(boundsOf(this.items.layout.places(), this.items.numItems), this.surface.size);
  }
}
