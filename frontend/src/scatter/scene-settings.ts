/** What the owner has set of how items are drawn, and the scene of one frame made from it. */
import type { CameraControl } from "./camera-control";
import * as defaults from "./defaults";
import { checkLength, checkRange } from "./errors";
import { parseColour } from "./gl-program";
import type { Items } from "./items";
import type { Scene } from "./scene";
import type { Surface } from "./surface";
import { ThumbnailFront } from "./thumbnail-front";
import type { Tweens } from "./tween";
import type { CropRule, ScatterTheme } from "./types";

export class SceneSettings {
  readonly front = new ThumbnailFront();
  theme: ScatterTheme;
  palette: Uint8Array = new Uint8Array(1024).fill(160);
  thumbnailPx = defaults.THUMBNAIL_PX;
  private readonly cropRule: CropRule;
  private retention = defaults.DEFAULT_RETENTION;
  private cropAmount = 1;

  constructor(theme: ScatterTheme, crop: Partial<CropRule> | undefined) {
    this.theme = theme;
    this.cropRule = { ...defaults.CROP_RULE, ...crop };
  }

  setTheme(theme: ScatterTheme): void {
    for (const colour of [theme.background, theme.accent, theme.outline]) parseColour(colour);
    this.theme = theme;
  }

  setPalette(rgba: Uint8Array): void {
    checkLength("palette", rgba, 1024);
    this.palette = rgba.slice();
  }

  setSize(thumbnailPx: number): void {
    checkRange("thumbnail size", thumbnailPx, defaults.MIN_THUMBNAIL_PX, defaults.MAX_THUMBNAIL_PX);
    this.thumbnailPx = thumbnailPx;
  }

  setRetention(retention: number): void {
    checkRange("retention", retention, defaults.MIN_RETENTION, 1);
    this.retention = retention;
  }

  /** Eases between whole pictures (0) and crops (1). */
  setCropAmount(target: number, tweens: Tweens, nowMs: number, isAnimated: boolean): void {
    const from = this.cropAmount;
    tweens.start("crop", nowMs, isAnimated ? defaults.CROP_MS : 0, (amount) => {
      this.cropAmount = from + (target - from) * amount;
    });
  }

  frontGoal(zoom: number): number {
    return this.front.goalAt(zoom, this.thumbnailPx);
  }

  scene(items: Items, { camera }: CameraControl, { size, pixelRatio }: Surface): Scene {
    const { thumbnailPx, retention, cropAmount, cropRule } = this;
    const shrink = Math.min(1, (defaults.DOTS_FULL_SIZE / Math.max(1, items.numItems)) ** 0.25);
    const dotRadiusPx = Math.max(defaults.MIN_DOT_RADIUS_PX, defaults.DOT_RADIUS_PX * shrink);
    const front = this.front.value;
    return {
      items,
      camera,
      size,
      pixelRatio,
      thumbnailPx,
      dotRadiusPx,
      front,
      retention,
      cropAmount,
      cropRule,
    };
  }
}
