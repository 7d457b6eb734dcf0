/**
 * Colour arithmetic: sRGB <-> OKLab, WCAG contrast, and what dichromats see.
 *
 * Sources: Ottosson 2020, "A perceptual color space for image processing" (OKLab); Machado, Oliveira & Fernandes 2009,
 * "A physiologically-based model for simulation of color vision deficiency" (matrices at full severity).
 */

/** Red, green, blue in [0, 1]. */
export type Rgb = readonly [number, number, number];
/** Lightness in [0, 1], green-red, blue-yellow. */
export type OkLab = readonly [number, number, number];
export type Vision = "normal" | "protanopia" | "deuteranopia" | "tritanopia";

type Matrix = readonly [Rgb, Rgb, Rgb];

const DEFICIENCIES: Record<Exclude<Vision, "normal">, Matrix> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** `#rrggbb` -> sRGB. Raises on anything else. */
export function rgbFromHex(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) throw new Error(`${JSON.stringify(hex)} is not a colour like #1a2b3c`);
  return [1, 2, 3].map((group) => Number.parseInt(match[group], 16) / 255) as unknown as Rgb;
}

/** sRGB -> `#rrggbb`, clipped to the gamut. */
export function hexFromRgb(rgb: Rgb): string {
  const byte = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return `#${rgb.map((value) => byte(value).toString(16).padStart(2, "0")).join("")}`;
}

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLinear = (value: number) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055;

/** WCAG relative luminance in [0, 1]. */
export function luminance(hex: string): number {
  const [r, g, b] = rgbFromHex(hex).map(toLinear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast ratio in [1, 21]. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

export function okLabFromRgb(rgb: Rgb): OkLab {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function rgbFromOkLab([lightness, a, b]: OkLab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** What a viewer with that vision sees. */
export function simulate(rgb: Rgb, vision: Vision): Rgb {
  if (vision === "normal") return rgb;
  const linear = rgb.map(toLinear);
  const rows = DEFICIENCIES[vision].map((row) =>
    fromLinear(row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]),
  );
  return rows.map((value) => Math.min(1, Math.max(0, value))) as unknown as Rgb;
}

/** Distance in OKLab times 100: 2 is barely seen, 100 is black to white. */
export function colourDistance(a: string, b: string, vision: Vision): number {
  const [labA, labB] = [a, b].map((hex) => okLabFromRgb(simulate(rgbFromHex(hex), vision)));
  return 100 * Math.hypot(labA[0] - labB[0], labA[1] - labB[1], labA[2] - labB[2]);
}

const LIGHTNESS_STEP = 0.01;

/** The colour itself, or made lighter or darker until it stands out from `background` by `ratio`. */
export function readableOn(hex: string, background: string, ratio: number): string {
  const [lightness, a, b] = okLabFromRgb(rgbFromHex(hex));
  const direction = luminance(background) < 0.18 ? 1 : -1;
  for (let shift = 0; shift <= 1; shift += LIGHTNESS_STEP) {
    const candidate = hexFromRgb(rgbFromOkLab([lightness + direction * shift, a, b]));
    const shown = shift === 0 ? hex : candidate;
    if (contrast(shown, background) >= ratio) return shown;
  }
  return direction > 0 ? "#ffffff" : "#000000";
}

/** Black or white, whichever reads better on `hex`. */
export function textOn(hex: string): "#000000" | "#ffffff" {
  return contrast(hex, "#000000") >= contrast(hex, "#ffffff") ? "#000000" : "#ffffff";
}
