/**
 * Ties the stores of a project to the map: what changes in a store is passed on to the map, and to nothing else. React
 * takes no part in it, so a slider or a label costs no render of the page.
 */
import type { LabelClass } from "../../api/types";
import { fitCamera, type Insets } from "../../lib/fit-camera";
import { buildPalette, classEntries, colourImages } from "../../lib/map-colours";
import { placeWaiting } from "../../lib/waiting-grid";
import type { Camera, ScatterMap } from "../../scatter";
import type { MapData } from "../../state/map-data";
import type { ProjectSession } from "../../state/project-session";
import { autoSizePx, MIN_RETENTION, type ViewState, WHOLE_IMAGE } from "../../state/view";

/** What the map looks like beyond the data: given by React, which knows the theme and the classes. */
export interface Appearance {
  classes: readonly LabelClass[];
  background: string;
  isDark: boolean;
}

const CELL_BYTES = 128;
const ACCENT = { dark: "#7fb0ff", light: "#1f5dc9" };
const OUTLINE = { dark: "#3a3f48", light: "#c3c8d0" };

export class MapBinding {
  private readonly map: ScatterMap;
  private readonly session: ProjectSession;
  private readonly unsubscribe: (() => void)[] = [];
  private readonly sizeOf: () => { width: number; height: number; insets: Insets };
  private appearance: Appearance;
  private data: MapData | null = null;
  private places: Float32Array = new Float32Array();
  /** Where the last automatic fit left the camera; null once it is the person's. */
  private autoFit: Camera | "first" | null = "first";

  constructor(
    map: ScatterMap,
    session: ProjectSession,
    appearance: Appearance,
    sizeOf: () => { width: number; height: number; insets: Insets },
  ) {
    this.map = map;
    this.session = session;
    this.appearance = appearance;
    this.sizeOf = sizeOf;
    this.setAppearance(appearance);
    this.showView(session.view.getState(), null);
    this.showData(session.map.getState().data);
    this.unsubscribe.push(
      session.map.subscribe((state) => this.showData(state.data)),
      session.view.subscribe((view, previous) => this.showView(view, previous)),
      session.sync.labels.subscribe((state, previous) => state.shown !== previous.shown && this.colour()),
      session.selection.subscribe(({ indexes }) => this.showSelection(indexes)),
      session.filter.subscribe(() => this.showFilter()),
    );
  }

  setAppearance(appearance: Appearance): void {
    this.appearance = appearance;
    const { classes, background, isDark } = appearance;
    const tone = isDark ? "dark" : "light";
    this.map.setTheme({ background, accent: ACCENT[tone], outline: OUTLINE[tone] });
    this.map.setPalette(buildPalette(classes, { background, isDark }));
    this.colour();
  }

  /** Show all images in the space that the panels leave free. */
  fit({ animate = true }: { animate?: boolean } = {}): void {
    if (!this.data) return;
    const { layout } = this.session.view.getState();
    const places = (layout === "crop" ? this.data.crop : null) ?? this.places;
    const { insets, ...size } = this.sizeOf();
    const camera = fitCamera(places, size, insets);
    if (camera) this.map.setCamera(camera, { animate });
  }

  dispose(): void {
    for (const stop of this.unsubscribe) stop();
  }

  private showData(data: MapData | null): void {
    const previous = this.data;
    if (!data || data === previous) return;
    this.data = data;
    const previousPlaces = this.places;
    this.places = data.whole === previous?.whole ? previousPlaces : placeWaiting(data.whole);
    if (!previous || data.numImages < previous.numImages) this.replaceData(data);
    else this.updateData(data, previous, previousPlaces);
    if (data.profiles !== previous?.profiles || data.numImages !== previous?.numImages) {
      const { height, width } = data.profileShape ?? { height: 1, width: 1 };
      this.map.setProfiles(data.profileShape ? data.profiles : null, height, width);
    }
    if ((data.crop === null) !== (previous?.crop == null))
      this.showLayout(this.session.view.getState(), true);
    if (data.numImages !== previous?.numImages) this.showSize();
    this.colour();
    this.followUntilTouched(data);
  }

  /** Keeps all images in view as they come, until the person moves the camera or selects; then never again. */
  private followUntilTouched(data: MapData): void {
    if (this.autoFit === null || data.numImages === 0) return;
    const isFirst = this.autoFit === "first";
    const isUntouched = isFirst || this.map.getCameraGoal() === this.autoFit;
    if (!isUntouched || this.session.selection.getState().indexes.length > 0) {
      this.autoFit = null;
      return;
    }
    this.fit({ animate: !isFirst && data.projectionIds.whole !== null });
    this.autoFit = this.map.getCameraGoal();
  }

  private replaceData({ numImages, crop, aspect, cells16 }: MapData): void {
    this.map.setData({ numItems: numImages, positionsA: this.places, positionsB: crop, aspect, cells16 });
    this.showSelection(this.session.selection.getState().indexes);
  }

  private updateData(data: MapData, previous: MapData, previousPlaces: Float32Array): void {
    const start = previous.numImages;
    if (data.numImages > start) {
      this.map.appendItems({
        numItems: data.numImages - start,
        positionsA: this.places.slice(2 * start),
        positionsB: data.crop?.slice(2 * start) ?? null,
        aspect: data.aspect?.slice(start) ?? null,
        cells16: data.cells16.slice(CELL_BYTES * start),
      });
    } else if (data.cells16 !== previous.cells16) {
      this.map.setCells16(0, data.cells16);
    }
    if (this.places !== previousPlaces || data.crop !== previous.crop) {
      this.map.setPositions(this.places, data.crop, { animate: true });
    }
  }

  private showView(view: ViewState, previous: ViewState | null): void {
    if (view.layout !== previous?.layout || view.retentions !== previous.retentions) {
      this.showLayout(view, previous !== null && view.layout !== previous.layout);
    }
    if (view.display !== previous?.display) this.map.setThumbnailMode(view.display);
    if (view.sizePx !== previous?.sizePx) this.showSize();
    if (view.dragMode !== previous?.dragMode) this.map.setMode(view.dragMode);
    if (previous && view.colourBy !== previous.colourBy) this.colour();
  }

  private showLayout({ layout, retentions }: ViewState, animate: boolean): void {
    const hasCrop = this.data?.crop != null;
    const retention = retentions[layout];
    this.map.setLayoutMix(layout === "crop" && hasCrop ? 1 : 0, { animate });
    if (retention !== WHOLE_IMAGE) this.map.setRetention(Math.max(MIN_RETENTION, retention));
    this.map.setWholeMode(retention === WHOLE_IMAGE, { animate });
  }

  private showSize(): void {
    const { sizePx } = this.session.view.getState();
    this.map.setSize(sizePx ?? autoSizePx(this.data?.numImages ?? 0));
  }

  /** What does not pass the filter is dimmed, or not drawn where that is asked for. */
  private showFilter(): void {
    const { mask, hidesRest } = this.session.filter.getState();
    const fitting = mask?.length === this.data?.numImages ? mask : null; // images came: the next mask is on its way
    this.map.setDimmed(hidesRest ? null : fitting);
    this.map.setHidden(hidesRest ? fitting : null);
  }

  private showSelection(indexes: Uint32Array): void {
    const numImages = this.data?.numImages ?? 0;
    this.map.setSelection(indexes.filter((index) => index < numImages));
  }

  private colour(): void {
    if (!this.data) return;
    const { numImages, predictedClass, confidence } = this.data;
    this.map.setColours(
      colourImages({
        numImages,
        colourBy: this.session.view.getState().colourBy,
        labels: this.session.sync.labels.getState().shown,
        predictions: predictedClass,
        confidence,
        entries: classEntries(this.appearance.classes),
      }),
    );
  }
}
