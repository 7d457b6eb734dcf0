/**
 * Ties the stores of a project to the map: what changes in a store is passed on to the map, and to nothing else. React
 * takes no part in it, so a slider or a label costs no render of the page.
 */
import { fitCamera } from "../../lib/fit-camera";
import { type Followed, isOutgrown, numPlaced } from "../../lib/follow-layout";
import { withoutRemoved } from "../../lib/removed";
import { cameraAt, type Sight } from "../../lib/sight";
import { placeWaiting } from "../../lib/waiting-grid";
import type { ScatterMap } from "../../scatter";
import type { MapData } from "../../state/map-data";
import type { ProjectSession } from "../../state/project-session";
import { autoSizePx, type Layout, MIN_RETENTION, type ViewState, WHOLE_IMAGE } from "../../state/view";
import type { CameraLink } from "./map-link";
import { type MapSide, type Room, windowSize } from "./map-room";

/** What the map looks like beyond the data: given by React, which knows the theme. */
export interface Appearance {
  background: string;
  isDark: boolean;
}

const CELL_BYTES = 128;
const ACCENT = { dark: "#7fb0ff", light: "#1f5dc9" };
const OUTLINE = { dark: "#3a3f48", light: "#c3c8d0" };

/** Where a map stands on the screen. */
export interface Place {
  readonly side: MapSide;
  readonly link: CameraLink;
  readonly roomOf: (thumbnailPx: number) => Room;
}

export class MapBinding {
  private readonly map: ScatterMap;
  private readonly session: ProjectSession;
  private readonly unsubscribe: (() => void)[] = [];
  private readonly place: Place;
  private data: MapData | null = null;
  /** As they are drawn: with places for images that wait for one, without those that were removed. */
  private places: Float32Array = new Float32Array();
  private cropPlaces: Float32Array | null = null;
  private shownRates: Uint8Array | null = null;
  /** Cells of 16 px that the map has: of the first images. */
  private numCells = 0;
  /** What the last automatic fit showed. */
  private followed: Followed = { numImages: 0, numPlaced: 0 };

  constructor(map: ScatterMap, session: ProjectSession, appearance: Appearance, place: Place) {
    this.map = map;
    this.session = session;
    this.place = place;
    this.setAppearance(appearance);
    this.showView(session.view.getState(), null);
    this.showData(session.map.getState().data);
    this.unsubscribe.push(
      session.map.subscribe((state) => this.showData(state.data)),
      session.view.subscribe((view, previous) => this.showView(view, previous)),
      session.colouring.subscribe(() => this.colour()),
      session.selection.subscribe(({ indexes }) => this.showSelection(indexes)),
      session.filter.subscribe(() => this.showFilter()),
      session.camera.subscribe(({ asked }, previous) => asked !== previous.asked && this.goWhereAsked()),
      session.screen.subscribe(
        ({ hovered }, previous) => hovered !== previous.hovered && this.hover(hovered),
      ),
    );
  }

  setAppearance({ background, isDark }: Appearance): void {
    const tone = isDark ? "dark" : "light";
    this.map.setTheme({ background, accent: ACCENT[tone], outline: OUTLINE[tone] });
  }

  /** Show all images that are drawn in the space that the panels leave free; linked maps show what both of them hold. */
  fit({ animate = true }: { animate?: boolean } = {}): void {
    if (!this.data) return;
    const { isSplit, isLinked } = this.session.view.getState();
    const crop = this.cropPlaces;
    const shown = (this.shownLayout() === "crop" ? crop : null) ?? this.places;
    const { insets, ...size } = this.room();
    const places = isSplit && isLinked && crop ? [this.places, crop] : [shown];
    const camera = fitCamera(places, size, insets, this.hidden());
    if (camera) this.map.setCamera(camera, { animate });
  }

  room(): Room {
    return this.place.roomOf(this.thumbnailPx());
  }

  dispose(): void {
    for (const stop of this.unsubscribe) stop();
  }

  private showData(data: MapData | null): void {
    const previous = this.data;
    if (!data || data === previous) return;
    this.data = data;
    const isSameSet = data.removed === previous?.removed;
    const isSame = isSameSet && data.whole === previous.whole && data.crop === previous.crop;
    if (!isSame) {
      this.places = withoutRemoved(placeWaiting(data.whole, data.removed), data.removed);
      this.cropPlaces = data.crop && withoutRemoved(data.crop, data.removed);
    }
    if (!previous || data.numImages < previous.numImages) this.replaceData(data);
    else this.updateData(data, previous, !isSame);
    if (data.profiles !== previous?.profiles || data.numImages !== previous?.numImages) {
      const { height, width } = data.profileShape ?? { height: 1, width: 1 };
      this.map.setProfiles(data.profileShape ? data.profiles : null, height, width);
    }
    const hasOtherRates = data.cropRates !== (previous?.cropRates ?? null);
    if ((data.crop === null) !== (previous?.crop == null) || hasOtherRates)
      this.showLayout(this.session.view.getState(), true);
    if (data.confidence !== previous?.confidence) this.showPriorities(data);
    if (data.numImages !== previous?.numImages) this.showSize();
    this.colour();
    if (!previous && this.place.side === "main") this.goWhereAsked({ animate: false });
    this.follow(data);
  }

  /** To where an address or a saved view wants to look. */
  private goWhereAsked({ animate = true } = {}): void {
    const { asked } = this.session.camera.getState();
    if (!asked || !this.data) return;
    if (asked.sight === "all") this.fit({ animate });
    else this.lookAt(asked.sight, animate);
  }

  private lookAt(sight: Sight, animate: boolean): void {
    this.place.link.isTouched = true;
    this.map.setCamera(cameraAt(sight, this.room()), { animate });
  }

  /** Follows an import and its first layouts, the growth of the map, while nobody has touched it. */
  private follow(data: MapData): void {
    const { isTouched, hasOthers } = this.place.link;
    if (isTouched || (this.place.side === "second" && hasOthers)) return;
    const shown = { numImages: data.numImages, numPlaced: numPlaced(data.whole) };
    if (!isOutgrown(this.followed, shown)) return;
    this.fit({ animate: this.followed.numImages > 0 && shown.numPlaced > this.followed.numPlaced });
    this.followed = shown;
  }

  private replaceData({ numImages, aspect, cells16 }: MapData): void {
    const positionsB = this.cropPlaces;
    this.map.setData({ numItems: numImages, positionsA: this.places, positionsB, aspect });
    this.numCells = 0;
    this.showCells(cells16);
    this.shownRates = null;
    this.showSelection(this.session.selection.getState().indexes);
    this.showFilter();
  }

  private updateData(data: MapData, previous: MapData, hasMoved: boolean): void {
    const start = previous.numImages;
    if (data.numImages > start) {
      this.map.appendItems({
        numItems: data.numImages - start,
        positionsA: this.places.slice(2 * start),
        positionsB: this.cropPlaces?.slice(2 * start) ?? null,
        aspect: data.aspect?.slice(start) ?? null,
      });
    }
    this.showCells(data.cells16);
    if (hasMoved) this.map.setPositions(this.places, this.cropPlaces, { animate: true });
  }

  /** Sends the cells that came since the last time. */
  private showCells(cells16: Uint8Array): void {
    const numCells = Math.min(cells16.length / CELL_BYTES, this.data?.numImages ?? 0);
    if (numCells <= this.numCells) return;
    this.map.setCells16(this.numCells, cells16.subarray(CELL_BYTES * this.numCells, CELL_BYTES * numCells));
    this.numCells = numCells;
  }

  private showView(view: ViewState, previous: ViewState | null): void {
    const layout = this.shownLayout(view);
    const before = previous && this.shownLayout(previous);
    const isChanged =
      view.retentions !== previous?.retentions || view.followsRates !== previous?.followsRates;
    if (isChanged || layout !== before) {
      this.showLayout(view, before !== null && layout !== before);
    }
    if (view.display !== previous?.display) this.map.setThumbnailMode(view.display);
    if (view.sizePx !== previous?.sizePx) this.showSize();
    if (view.dragMode !== previous?.dragMode) this.map.setMode(view.dragMode);
  }

  /** With both side by side each map has its own layout. */
  private shownLayout({ layout, isSplit }: ViewState = this.session.view.getState()): Layout {
    if (this.place.side === "second") return "crop";
    return isSplit && this.data?.crop != null ? "whole" : layout;
  }

  private showLayout(view: ViewState, animate: boolean): void {
    const layout = this.shownLayout(view);
    const hasCrop = this.data?.crop != null;
    const retention = view.retentions[layout];
    this.map.setLayoutMix(layout === "crop" && hasCrop ? 1 : 0, { animate });
    if (retention !== WHOLE_IMAGE) this.map.setRetention(Math.max(MIN_RETENTION, retention));
    const rates = layout === "crop" && view.followsRates ? (this.data?.cropRates ?? null) : null;
    this.showRates(rates);
    this.map.setWholeMode(retention === WHOLE_IMAGE && rates === null, { animate });
  }

  private showRates(rates: Uint8Array | null): void {
    if (rates !== null && rates.length !== this.data?.numImages) return;
    if (rates === this.shownRates) return;
    this.shownRates = rates;
    this.map.setCropRates(rates);
  }

  /** Images that the model doubts keep their thumbnail longer than those it is sure of, labelled ones longest. */
  private showPriorities({ numImages, confidence, predictedClass }: MapData): void {
    if (!confidence || !predictedClass) {
      this.map.setPriorities(null);
      return;
    }
    const labels = this.session.sync.labels.getState().shown;
    const priorities = new Uint8Array(numImages);
    for (let index = 0; index < numImages; index += 1) {
      if (labels[index]) priorities[index] = 255;
      else if (predictedClass[index] !== 0) priorities[index] = (255 - confidence[index]) >> 1;
    }
    this.map.setPriorities(priorities);
  }

  private hover(index: number | null): void {
    this.map.setHover(index !== null && index < (this.data?.numImages ?? 0) ? index : null);
  }

  private showSize(): void {
    this.map.setSize(this.thumbnailPx());
  }

  thumbnailPx(): number {
    return this.session.view.getState().sizePx ?? autoSizePx(this.data?.numImages ?? 0, windowSize());
  }

  /** What does not pass the filter is dimmed, or not drawn where that is asked for. */
  private showFilter(): void {
    this.map.setDimmed(this.session.filter.getState().hidesRest ? null : this.mask());
    this.map.setHidden(this.hidden());
  }

  private hidden(): Uint8Array | null {
    return this.session.filter.getState().hidesRest ? this.mask() : null;
  }

  /** Of the filter; none when images came, as the next mask is on its way then. */
  private mask(): Uint8Array | null {
    const { mask } = this.session.filter.getState();
    return mask?.length === this.data?.numImages ? mask : null;
  }

  private showSelection(indexes: Uint32Array): void {
    const numImages = this.data?.numImages ?? 0;
    this.map.setSelection(indexes.filter((index) => index < numImages));
  }

  /** A colouring of fewer images than there are is out of date: the next one is on its way. */
  private colour(): void {
    const { shown } = this.session.colouring.getState();
    if (!shown || shown.colours.length !== this.data?.numImages) return;
    this.map.setPalette(shown.palette);
    this.map.setColours(shown.colours);
  }
}
